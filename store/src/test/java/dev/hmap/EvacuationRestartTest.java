package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.report.Inspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A growth that is under way when the process dies goes on where it was. */
class EvacuationRestartTest {
  @TempDir Path folder;

  @Test
  void killedWhileDoublingGoesOnWithTheSameArrays() throws IOException {
    Path path = folder.resolve("doubling.hmap");
    try (HMap<Long, Long> map = open(path)) {
      long next = 0;
      while (!isHalfWay(map.stats(), 64)) {
        map.put(next, ~next);
        next++;
      }
      assertThat(map.stats().growth().sameSizeGrow()).isFalse();
      assertGoesOn(path, map, next);
    }
  }

  @Test
  void killedWhileGrowingToTheSameSizeGoesOnWithTheSameArrays() throws IOException {
    Path path = folder.resolve("same.hmap");
    Random random = new Random(7);
    try (HMap<Long, Long> map = open(path)) {
      List<Long> live = new ArrayList<>();
      long next = 0;
      while (!(map.stats().growth().sameSizeGrow() && isHalfWay(map.stats(), 4))) {
        map.put(next, ~next);
        live.add(next++);
        if (live.size() > 300) {
          for (int i = 0; i < 250 && !map.stats().growth().sameSizeGrow(); i++) {
            int at = random.nextInt(live.size());
            map.remove(live.get(at));
            live.set(at, live.getLast());
            live.removeLast();
          }
        }
      }
      assertGoesOn(path, map, next);
    }
  }

  private static HMap<Long, Long> open(Path path) {
    return HMap.at(path, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).open();
  }

  private static boolean isHalfWay(HMapStats s, int least) {
    return s.growth().oldbuckets() != 0 && s.growth().nevacuate() >= least;
  }

  private void assertGoesOn(Path path, HMap<Long, Long> map, long next) throws IOException {
    HMapStats before = map.stats();
    Path left = folder.resolve("left.hmap");
    TestFiles.copyStore(path, left);
    Inspection seen = HMapAdmin.inspect(left);
    assertThat(seen.clean()).isFalse();
    assertThat(seen.oldbuckets()).isEqualTo(before.growth().oldbuckets());
    assertThat(seen.nevacuate()).isBetween(1L, (1L << seen.oldB()) - 1);
    try (HMap<Long, Long> again = open(left)) {
      HMapStats after = again.stats();
      assertThat(after.growth().b()).isEqualTo(before.growth().b());
      assertThat(after.growth().oldbuckets()).isEqualTo(before.growth().oldbuckets());
      assertThat(after.growth().sameSizeGrow()).isEqualTo(before.growth().sameSizeGrow());
      assertThat(after.growth().nevacuate()).isGreaterThanOrEqualTo(before.growth().nevacuate());
      assertThat(after.count()).isEqualTo(before.count());
      long writes = 0;
      while (again.stats().growth().oldbuckets() != 0) {
        again.remove(-1 - writes); // absent, so that no new growth begins
        writes++;
      }
      assertThat(writes).isLessThanOrEqualTo(1L << seen.oldB());
      for (long key = 0; key < next; key++) {
        assertThat(again.get(key)).isEqualTo(map.get(key));
      }
    }
  }
}
