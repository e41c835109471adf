package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.PageLayout;
import dev.hmap.report.Salvage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Salvage saves what is intact, never anything else, and leaves the damaged store as it is. */
@Tag("promise:salvage")
@LeavesDamage("salvage is given what is damaged")
class SalvageTest {
  private static final int KEYS = 3_000;

  @TempDir Path folder;
  private final Map<Long, String> model = new HashMap<>();

  /** A store in the middle of an evacuation, closed. */
  private Path closed() {
    Path path = folder.resolve("a.hmap");
    try (HMap<Long, String> map = open(path)) {
      fill(map, new Random(5));
      long key = KEYS;
      while (map.stats().growth().nevacuate() < 20) {
        put(map, key++, "grow");
      }
    }
    return path;
  }

  /** What a kill leaves after a checkpoint and many writes behind it. */
  private Path killed() throws IOException {
    Path path = folder.resolve("open.hmap");
    Path copy = folder.resolve("a.hmap");
    try (HMap<Long, String> map = open(path)) {
      Random random = new Random(6);
      fill(map, random);
      map.checkpoint();
      fill(map, random);
      map.replace(7L, "only if there");
      model.replace(7L, "only if there");
      map.putIfAbsent(8L, "only if absent");
      model.putIfAbsent(8L, "only if absent");
      Files.copy(path, copy);
      Files.copy(folder.resolve("open.hmap-log"), folder.resolve("a.hmap-log"));
    }
    return copy;
  }

  private static HMap<Long, String> open(Path path) {
    return HMap.at(path, Codec.LONG, Codec.STRING).durability(Durability.ASYNC).open();
  }

  private void put(HMap<Long, String> map, long key, String value) {
    map.put(key, value);
    model.put(key, value);
  }

  private void fill(HMap<Long, String> map, Random random) {
    for (int i = 0; i < 4_000; i++) {
      long key = random.nextInt(KEYS);
      if (random.nextInt(4) == 0) {
        map.remove(key);
        model.remove(key);
      } else {
        int length = i % 700 == 0 ? 20_000 : random.nextInt(300);
        put(map, key, i + "x".repeat(length));
      }
    }
  }

  private Salvage salvage(Path path) {
    return HMapAdmin.salvage(path, folder.resolve("saved.hmap"), n -> {});
  }

  private Map<Long, String> saved() throws IOException {
    Path path = folder.resolve("saved.hmap");
    assertThat(HMapAdmin.verify(path, n -> {}).findings()).isEmpty();
    Map<Long, String> saved;
    try (HMap<Long, String> map = open(path)) {
      saved = new HashMap<>(map);
    }
    Files.delete(path);
    return saved;
  }

  @Test
  void savesAllOfASoundStore() throws IOException {
    Salvage done = salvage(closed());
    assertThat(done.isWhole()).isTrue();
    assertThat(done.entries()).isEqualTo(model.size());
    assertThat(saved()).isEqualTo(model);
  }

  @Test
  void savesAllOfAKilledStore() throws IOException {
    assertThat(salvage(killed()).findings()).isEmpty();
    assertThat(saved()).isEqualTo(model);
  }

  @Test
  void savesTheLastCheckpointIfTheLogIsLost() throws IOException {
    Path path = killed();
    Files.delete(folder.resolve("a.hmap-log"));
    Salvage done = salvage(path);
    assertThat(done.lost()).isZero();
    assertThat(done.findings()).singleElement().asString().contains("a.hmap-log is missing");
    assertThat(saved()).isNotEmpty();
  }

  @Test
  void losesOnlyWhatLiesOnDamagedPages() throws IOException {
    Path path = closed();
    byte[] sound = Files.readAllBytes(path);
    long seed = Long.getLong("hmap.seed", System.nanoTime());
    System.out.printf("salvage: seed %d%n", seed);
    Random random = new Random(seed);
    long saved = 0;
    long lost = 0;
    for (int round = 0; round < 40; round++) {
      byte[] damaged = sound.clone();
      int pages = 1 + random.nextInt(8);
      List<Integer> hit = new ArrayList<>();
      for (int i = 0; i < pages; i++) {
        int page = 2 + random.nextInt(damaged.length / PageLayout.PAGE_BYTES - 2);
        damaged[page * PageLayout.PAGE_BYTES + random.nextInt(PageLayout.PAGE_BYTES)] ^=
            (byte) (1 << random.nextInt(8));
        hit.add(page);
      }
      Files.write(path, damaged);
      Salvage done;
      try {
        done = salvage(path);
      } catch (StoreCorruptException e) {
        assertThat(e).hasMessageContaining("directory");
        continue;
      }
      Map<Long, String> left = saved();
      assertThat(model.entrySet()).as("seed %d, pages %s", seed, hit).containsAll(left.entrySet());
      assertThat(left).hasSize((int) (model.size() - done.lost()));
      if (!done.isWhole()) { // verify also looks at pages of which nothing is left to save
        assertThat(HMapAdmin.verify(path, n -> {}).isSound()).isFalse();
      }
      assertThat(Files.readAllBytes(path)).isEqualTo(damaged);
      saved += left.size();
      lost += done.lost();
    }
    System.out.printf("salvage: %,d entries saved, %,d lost with their pages%n", saved, lost);
    assertThat(lost).isPositive().isLessThan(saved);
  }

  @Test
  void appliesTheLogToADamagedStateAndInventsNothing() throws IOException {
    Path path = killed();
    byte[] damaged = Files.readAllBytes(path);
    for (int page = 3; page < damaged.length / PageLayout.PAGE_BYTES; page += 3) {
      damaged[page * PageLayout.PAGE_BYTES + 100] ^= 1;
    }
    Files.write(path, damaged);
    Salvage done = salvage(path);
    assertThat(done.lost()).as(done.findings().toString()).isPositive();
    Map<Long, String> left = saved();
    assertThat(model.entrySet()).containsAll(left.entrySet());
    assertThat(left.size()).isGreaterThan(model.size() / 2); // most were logged again
  }

  @Test
  void savesWhatIsLeftOfATruncatedStore() throws IOException {
    Path path = closed();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() * 3 / 4);
    }
    Salvage done = salvage(path);
    assertThat(done.lost()).isPositive();
    assertThat(done.findings()).asString().containsAnyOf("its directory", "end of the file");
    assertThat(model.entrySet()).containsAll(saved().entrySet());
  }

  @Test
  void refusesToWriteOverAFile() throws IOException {
    Path path = closed();
    Files.copy(path, folder.resolve("saved.hmap"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> salvage(path))
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("saved.hmap exists already");
  }

  @Test
  void refusesAFileWithoutAHeader() throws IOException {
    Path path = closed();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(new byte[2 * PageLayout.PAGE_BYTES]);
    }
    assertThatThrownBy(() -> salvage(path))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("not an hmap store");
    assertThat(folder.resolve("saved.hmap")).doesNotExist();
  }
}
