package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.LeavesDamage;
import dev.hmap.damage.Probe.Result;
import dev.hmap.error.HMapException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A data file that was cut off is refused where something is missing. */
@Tag("verify")
@Tag("promise:8")
@Tag("promise:damage")
@LeavesDamage("truncated")
class TruncationTest {
  private static final int SECTOR = 512;
  private static final int ENTRIES = 60_000;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachSectorOfTheDataFileTruncated(Sample<?, ?> sample) {
    byte[] data = sample.data();
    try (Cases cases = new Cases("data truncated, " + sample)) {
      for (int length = 0; length < data.length; length += SECTOR) {
        byte[] cut = Arrays.copyOf(data, length);
        String what = "cut to %d".formatted(length);
        boolean isUsed = length % (8 * SECTOR) == 0;
        cases.run(
            () -> what,
            () -> {
              Probe<?, ?> probe = new Probe<>(sample, Sample.files(cut, sample.logOrNull()));
              assertThat(isUsed ? probe.use() : probe.read()).isIn(Result.RIGHT, Result.REFUSED);
            });
      }
    }
  }

  @Test
  void truncatedWhileOpenForWriting() {
    truncatedWhileOpen(false);
  }

  @Test
  void truncatedWhileOpenForReading() {
    truncatedWhileOpen(true);
  }

  private void truncatedWhileOpen(boolean toRead) {
    Path path = folder.resolve("store.hmap");
    try (HMap<Long, Long> map =
        HMap.at(path, Codec.LONG, Codec.LONG)
            .durability(Durability.ASYNC)
            .expectedEntries(ENTRIES)
            .open()) {
      for (long i = 0; i < ENTRIES; i++) {
        map.put(i, ~i);
      }
    }
    try (Cases cases = new Cases("truncated while open")) {
      cases.run(
          () -> toRead ? "to read" : "to write",
          () -> {
            int refused = 0;
            var builder = HMap.at(path, Codec.LONG, Codec.LONG).durability(Durability.ASYNC);
            HMap<Long, Long> map = toRead ? builder.readOnly().open() : builder.open();
            for (int round = 0; round < 4; round++) {
              if (round == 2) {
                cut(path);
              }
              for (long i = 0; i < ENTRIES; i++) {
                try {
                  assertThat(map.get(i) == ~i).as("key %d", i).isTrue();
                } catch (HMapException e) {
                  refused++;
                }
              }
            }
            assertThat(refused).isPositive();
            assertRefuses(() -> map.forEach((k, v) -> assertThat(v).isEqualTo(~k)));
            if (!toRead) {
              assertRefuses(() -> {
                for (long i = 0; i < ENTRIES; i++) {
                  map.put(i, i);
                }
              });
            }
            try {
              map.close();
            } catch (HMapException e) {
              assertThat(e).hasMessageContaining("store.hmap");
            }
          });
    }
  }

  private static void assertRefuses(Runnable work) {
    try {
      work.run();
    } catch (HMapException e) {
      return;
    }
    throw new AssertionError("nothing was thrown");
  }

  private static void cut(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() / 8);
    }
  }
}
