package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long files are at rest. */
@Tag("verify")
class FileSizeTest {
  @TempDir Path folder;

  @Test
  void tenEntriesTakeAtMost64Kib() throws IOException {
    Path longs = folder.resolve("longs.hmap");
    try (HMap<Long, Long> map = HMap.open(longs, Codec.LONG, Codec.LONG)) {
      for (long i = 0; i < 10; i++) {
        map.put(i, i);
      }
    }
    assertThat(Files.size(longs)).isLessThanOrEqualTo(64 << 10);
    Path strings = folder.resolve("strings.hmap");
    try (HMap<String, String> map = HMap.open(strings, Codec.STRING, Codec.STRING)) {
      for (int i = 0; i < 10; i++) {
        map.put("key " + i, "value " + i);
      }
    }
    assertThat(Files.size(strings)).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void aMillionLongsTakeAtMost48BytesEach() throws IOException {
    Path path = folder.resolve("longs.hmap");
    int entries = 1_000_000;
    try (HMap<Long, Long> map = async(path, Codec.LONG, Codec.LONG)) {
      for (long i = 0; i < entries; i++) {
        var _ = map.putAsync(i, i);
      }
    }
    // 2^18 roots of 144 bytes and a sixteenth more set aside: 40 bytes an entry at this count
    assertThat(Files.size(path) / entries).isLessThanOrEqualTo(48);
  }

  @Test
  void roomOfOverwrittenValuesIsUsedAgain() throws IOException {
    Path path = folder.resolve("overwritten.hmap");
    Random random = new Random(11);
    long[] live = new long[1_000];
    try (HMap<Integer, byte[]> map = async(path, Codec.INT, Codec.BYTES)) {
      for (int i = 0; i < 1_000_000; i++) {
        int key = random.nextInt(live.length);
        int length = random.nextInt(2_000);
        var _ = map.putAsync(key, new byte[length]);
        live[key] = length;
      }
    }
    long sum = 0;
    for (long length : live) {
      sum += length;
    }
    assertThat(Files.size(path)).isLessThanOrEqualTo(3 * sum);
  }

  @Test
  void roomOfRemovedEntriesIsUsedAgain() throws IOException {
    Path path = folder.resolve("removed.hmap");
    try (HMap<Integer, byte[]> map = async(path, Codec.INT, Codec.BYTES)) {
      fillAndEmpty(map);
      long once = map.stats().space().fileBytes();
      for (int i = 0; i < 5; i++) {
        fillAndEmpty(map);
      }
      assertThat(map.stats().space().fileBytes()).isLessThanOrEqualTo(2 * once);
      assertThat(map.stats().space().entryBytes()).isZero();
    }
  }

  private static void fillAndEmpty(HMap<Integer, byte[]> map) {
    for (int i = 0; i < 10_000; i++) {
      var _ = map.putAsync(i, new byte[i % 1_000]);
    }
    for (int i = 0; i < 10_000; i++) {
      var _ = map.removeAsync(i);
    }
  }

  private static <K, V> HMap<K, V> async(Path path, Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values).durability(Durability.ASYNC).open();
  }
}
