package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compaction of a store that is open. */
@Timeout(120)
class OnlineCompactionTest {
  private static final int ENTRIES = 200_000;

  @TempDir Path folder;

  private HMap<Long, String> open(String name) {
    return HMap.at(folder.resolve(name), Codec.LONG, Codec.STRING)
        .durability(Durability.ASYNC)
        .open();
  }

  private static String value(long key) {
    return "v".repeat((int) (key % 90)) + key;
  }

  @Test
  void afterRemovalsTheStoreIsAboutAsSmallAsAFreshOneAndWritesMeanwhileAreKept() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("online compaction: seed " + seed);
    Random random = new Random(seed);
    Map<Long, String> model = new HashMap<>();
    Path path = folder.resolve("store.hmap");
    try (HMap<Long, String> map = open("store.hmap")) {
      for (long i = 0; i < ENTRIES; i++) {
        var _ = map.putAsync(i, value(i));
      }
      for (long i = 0; i < ENTRIES; i++) {
        if (random.nextInt(5) > 0) {
          var _ = map.removeAsync(i);
        } else {
          model.put(i, value(i));
        }
      }
      map.sync();
      HMapStats before = map.stats();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong written = new AtomicLong();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                for (long i = ENTRIES; !stop.get() && i < ENTRIES + 5_000; i++) {
                  map.put(i, value(i));
                  written.incrementAndGet();
                }
              });
      map.compact();
      stop.set(true);
      writer.join();
      for (long i = ENTRIES; i < ENTRIES + written.get(); i++) {
        model.put(i, value(i));
      }
      HMapStats after = map.stats();
      assertThat(map).isEqualTo(model);
      assertThat(after.growth().b()).isLessThan(before.growth().b() - 1);
      assertThat(after.growth().maxChainsPerWrite()).isLessThanOrEqualTo(2);
    }
    assertThat(HMapAdmin.verify(path, _ -> {}).findings()).isEmpty();
    try (HMap<Long, String> map = open("store.hmap")) {
      assertThat(map).isEqualTo(model);
    }
    try (HMap<Long, String> fresh = open("fresh.hmap")) {
      fresh.write(batch -> model.forEach(batch::put));
    }
    long bytes = Files.size(path);
    long freshBytes = Files.size(folder.resolve("fresh.hmap"));
    System.out.printf("online compaction: %,d bytes, a fresh store has %,d%n", bytes, freshBytes);
    assertThat(bytes).isLessThan(freshBytes * 13 / 10);
  }
}
