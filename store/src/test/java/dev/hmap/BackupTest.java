package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreAccessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of a store that is in use. */
@Timeout(120)
@Tag("promise:5")
class BackupTest {
  private static final int KEYS = 5_000;

  @TempDir Path folder;

  private HMap<Long, String> open(String name, Durability durability) {
    return HMap.at(folder.resolve(name), Codec.LONG, Codec.STRING)
        .durability(durability)
        .maxLog(1 << 20)
        .open();
  }

  /** Write {@code i} puts {@code i} to key {@code i mod KEYS}: the values tell how far it got. */
  private static void put(HMap<Long, String> map, long i) {
    map.put(i % KEYS, i + "x".repeat((int) (i % 300)));
  }

  private static long number(String value) {
    int end = value.indexOf('x');
    return Long.parseLong(end < 0 ? value : value.substring(0, end));
  }

  /** The number of writes that a map is the result of; fails if it is no prefix. */
  private static long writes(HMap<Long, String> map) {
    long last = map.values().stream().mapToLong(BackupTest::number).max().orElse(-1);
    for (long key = 0; key < KEYS; key++) {
      long expected = last - Math.floorMod(last - key, KEYS);
      String value = map.get(key);
      assertThat(value == null ? -1 : number(value)).isEqualTo(Math.max(expected, -1));
    }
    return last + 1;
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void aBackupWhileWritesGoOnIsAPrefixWithAllThatWasAcknowledged(Durability durability)
      throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    try (HMap<Long, String> map = open("store.hmap", durability)) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                for (long i = 0; !stop.get(); i++) {
                  put(map, i);
                  acknowledged.set(i + 1);
                }
              });
      Thread checkpoints =
          Thread.ofPlatform()
              .start(() -> {
                while (!stop.get()) {
                  map.checkpoint(); // so that one is committed between the two files now and then
                }
              });
      for (int i = 0; i < 15; i++) {
        while (acknowledged.get() < 200L * i) {
          Thread.onSpinWait();
        }
        long before = acknowledged.get();
        String name = "backup%d.hmap".formatted(i);
        map.backupTo(folder.resolve(name));
        long after = acknowledged.get();
        assertThat(folder.resolve(name + "-log")).doesNotExist();
        assertThat(folder.resolve(name + "-lock")).doesNotExist();
        assertThat(HMapAdmin.verify(folder.resolve(name), _ -> {}).findings()).isEmpty();
        try (HMap<Long, String> copy = open(name, durability)) {
          assertThat(writes(copy)).isBetween(before, after + 1);
          put(copy, 1); // it is a store
        }
      }
      stop.set(true);
      writer.join();
      checkpoints.join();
    }
  }

  @Test
  void aStoreThatNobodyHasOpenAndAKilledOneAreCopied() throws IOException {
    Path killed = folder.resolve("killed.hmap");
    try (HMap<Long, String> map = open("store.hmap", Durability.SYNC)) {
      for (int i = 0; i < 300; i++) {
        put(map, i);
      }
      TestFiles.copyStore(folder.resolve("store.hmap"), killed);
    }
    byte[] data = Files.readAllBytes(killed);
    byte[] log = Files.readAllBytes(folder.resolve("killed.hmap-log"));
    HMapAdmin.backup(killed, folder.resolve("a.hmap"), _ -> {});
    HMapAdmin.backup(folder.resolve("store.hmap"), folder.resolve("b.hmap"), _ -> {});
    assertThat(Files.readAllBytes(killed)).isEqualTo(data);
    assertThat(Files.readAllBytes(folder.resolve("killed.hmap-log"))).isEqualTo(log);
    for (String name : new String[] {"a.hmap", "b.hmap"}) {
      try (HMap<Long, String> copy = open(name, Durability.SYNC)) {
        assertThat(writes(copy)).isEqualTo(300);
        assertThat(copy.stats().opening().wasClean()).isTrue();
      }
    }
  }

  @Test
  void aFileThatIsThereIsNotOverwrittenAndNothingIsLeftOfARefusal() throws IOException {
    try (HMap<Long, String> map = open("store.hmap", Durability.SYNC)) {
      put(map, 0);
      Path there = Files.writeString(folder.resolve("there.hmap"), "mine");
      assertThatThrownBy(() -> map.backupTo(there))
          .isInstanceOf(StoreAccessException.class)
          .hasMessageContaining("there.hmap exists already");
      assertThat(there).hasContent("mine");
      assertThatThrownBy(() -> map.backupTo(folder.resolve("missing/backup.hmap")))
          .hasMessageContaining("missing is missing");
      assertThat(TestFiles.names(folder))
          .containsExactly("store.hmap", "store.hmap-lock", "store.hmap-log", "there.hmap");
      put(map, 1);
    }
  }
}
