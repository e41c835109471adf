package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.report.Verification;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link HMapAdmin#verify} finds every flipped bit, and nothing in a sound store. */
@Tag("promise:damage")
class VerifyTest {
  @TempDir Path folder;

  private Path strings() {
    Path path = folder.resolve("strings.hmap");
    Random random = new Random(3);
    for (int opening = 0; opening < 4; opening++) {
      try (HMap<String, byte[]> map =
          HMap.at(path, Codec.STRING, Codec.BYTES)
              .durability(Durability.ASYNC)
              .maxLog(1 << 20)
              .open()) {
        for (int i = 0; i < 2_000; i++) {
          int length = i % 500 == 0 ? 300_000 : random.nextInt(900);
          map.put("key" + random.nextInt(3_000), new byte[length]);
          map.remove("key" + random.nextInt(3_000));
        }
      }
      assertThat(HMapAdmin.verify(path, n -> {}).findings()).isEmpty();
    }
    return path;
  }

  @Test
  void findsNothingInASoundStoreOfLongsAfterManyCheckpoints() {
    Path path = folder.resolve("longs.hmap");
    try (HMap<Long, Long> map =
        HMap.at(path, Codec.LONG, Codec.LONG)
            .durability(Durability.ASYNC)
            .expectedEntries(20_000)
            .maxLog(1 << 20)
            .open()) {
      for (long i = 0; i < 100_000; i++) {
        map.put(i % 60_000, i);
      }
      assertThat(map.stats().log().checkpoints()).isPositive();
      assertThat(HMapAdmin.verify(path, n -> {}).isSound()).isTrue();
    }
    assertThat(HMapAdmin.verify(path, n -> {}).findings()).isEmpty();
  }

  @Test
  void findsEveryFlippedBitInAPageThatIsInUse() throws IOException {
    flips(Budget.rounds(150));
  }

  /** {@code -Dhmap.flips=10000}, or {@code -Dstress.seconds}. */
  @Test
  @Tag("campaign")
  void findsEveryOneOfTenThousandFlippedBits() throws IOException {
    flips(Budget.of(1, Integer.getInteger("hmap.flips", 10_000)));
  }

  private void flips(Budget budget) throws IOException {
    Path path = strings();
    List<Integer> pages = pagesInUse(path);
    long seed = Long.getLong("hmap.seed", System.nanoTime());
    System.out.printf("bit flips: seed %d%n", seed);
    Random random = new Random(seed);
    long flips = 0;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (; budget.isLeft(flips); flips++) {
        int page = pages.get(random.nextInt(pages.size()));
        long at = PageLayout.addressOf(page) + random.nextInt(PageLayout.PAGE_BYTES);
        int bit = 1 << random.nextInt(8);
        flip(file, at, bit);
        Verification found = HMapAdmin.verify(path, n -> {});
        assertThat(found.isSound()).as("seed %d: bit %d at %d", seed, bit, at).isFalse();
        flip(file, at, bit);
      }
    }
    assertThat(HMapAdmin.verify(path, n -> {}).findings()).isEmpty();
    System.out.printf(
        "bit flips: %,d in %,d pages in use, each found; none in the sound store%n",
        flips, pages.size());
  }

  private static void flip(RandomAccessFile file, long at, int bit) throws IOException {
    file.seek(at);
    int before = file.read();
    file.seek(at);
    file.write(before ^ bit);
  }

  /** Pages that were written or are known to be zero. */
  private static List<Integer> pagesInUse(Path path) throws IOException {
    OpenedStore store = Recovery.open(FileSystem.REAL, new FileNames(path), false, null);
    List<ExtentRecord> extents = store.extents();
    store.close();
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> pages = new ArrayList<>();
    for (ExtentRecord extent : extents) {
      if (extent.kind() == ExtentRecord.KIND_DIRECTORY) {
        continue;
      }
      for (int i = 0; i < 1 << extent.order(); i++) {
        long at = PageLayout.addressOf(extent.page()) + ExtentLayout.sumOffset(extent.order(), i);
        if (file.getLong((int) at) != ExtentLayout.SUM_UNDEFINED) {
          pages.add(extent.page() + i);
        }
      }
    }
    return pages;
  }
}
