package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.EntryTooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several writes at once, with a mark of the application's own. */
@Timeout(60)
class BatchTest {
  @TempDir Path folder;

  private HMap<String, Long> open(String name) {
    return HMap.at(folder.resolve(name), Codec.STRING, Codec.LONG)
        .durability(Durability.ASYNC)
        .open();
  }

  private static byte[] mark(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theMarkSurvivesKillCheckpointCloseCompactionBackupAndSalvage() throws IOException {
    Path killed = folder.resolve("killed.hmap");
    try (HMap<String, Long> map = open("store.hmap")) {
      assertThat(map.mark()).isEmpty();
      map.write(batch -> batch.mark(mark("first")));
      map.write(batch -> {
        batch.put("a", 1L);
        batch.mark(mark("overwritten in the same batch"));
        batch.mark(mark("offset 17"));
      });
      map.put("b", 2L);
      assertThat(map.mark()).isEqualTo(mark("offset 17"));
      TestFiles.copyStore(folder.resolve("store.hmap"), killed);
      map.checkpoint();
      map.clear();
      map.put("c", 3L);
      TestFiles.copyStore(folder.resolve("store.hmap"), folder.resolve("checkpointed.hmap"));
      map.backupTo(folder.resolve("backup.hmap"));
    }
    var _ = HMapAdmin.salvage(killed, folder.resolve("saved.hmap"), _ -> {});
    TestFiles.copyStore(folder.resolve("store.hmap"), folder.resolve("compacted.hmap"));
    var _ = HMapAdmin.compact(folder.resolve("compacted.hmap"), _ -> {});
    for (String name :
        new String[] {"store", "killed", "checkpointed", "backup", "saved", "compacted"}) {
      try (HMap<String, Long> map = open(name + ".hmap")) {
        assertThat(map.mark()).describedAs(name).isEqualTo(mark("offset 17"));
      }
    }
  }

  @Test
  void aLongMarkAmongManyExtentsSurvives() {
    byte[] longest = new byte[4096];
    new Random(1).nextBytes(longest);
    try (HMap<String, Long> map = open("store.hmap")) {
      map.write(batch -> {
        for (int i = 0; i < 100_000; i++) {
          batch.put("key" + i, (long) i);
        }
        batch.mark(longest);
      });
      assertThatThrownBy(() -> map.write(batch -> batch.mark(new byte[4097])))
          .isInstanceOf(EntryTooLargeException.class)
          .hasMessage("mark of 4,097 bytes: the limit is 4,096");
    }
    assertThat(HMapAdmin.verify(folder.resolve("store.hmap"), _ -> {}).findings()).isEmpty();
    try (HMap<String, Long> map =
        HMap.at(folder.resolve("store.hmap"), Codec.STRING, Codec.LONG).readOnly().open()) {
      assertThat(map.mark()).isEqualTo(longest);
    }
  }

  /** The use it is made for: each line of an input is counted once, however often it is read. */
  @Test
  void aConsumerThatIsKilledAnywhereAppliesEachInputExactlyOnce() throws IOException {
    Random random = new Random(7);
    int inputs = 500;
    int lives = 0;
    while (true) {
      HMap<String, Long> map = open("life" + lives);
      String mark = new String(map.mark(), StandardCharsets.UTF_8);
      int applied = mark.isEmpty() ? 0 : Integer.parseInt(mark);
      assertThat(map.getOrDefault("count", 0L)).isEqualTo(applied);
      for (int i = applied; i < inputs; i++) {
        int input = i;
        map.write(batch -> {
          Long before = batch.get("count");
          batch.put("count", before == null ? 1 : before + 1);
          batch.mark(mark(Integer.toString(input + 1)));
        });
        if (random.nextInt(40) == 0) {
          break;
        }
      }
      lives++;
      TestFiles.copyStore(folder.resolve("life" + (lives - 1)), folder.resolve("life" + lives));
      map.close();
      if (applied == inputs) {
        break;
      }
    }
    assertThat(lives).isGreaterThan(5);
  }

  @Test
  void aStagedBatchIsReadBeforeItIsWrittenAndKnowsItsBytes() {
    try (HMap<String, Long> map = open("store.hmap")) {
      map.put("there", 1L);
      map.put("gone", 2L);
      map.write(batch -> {
        assertThat(batch.bytes()).isZero();
        batch.put("new", 3L);
        assertThat(batch.bytes()).isEqualTo(24);
        batch.remove("gone");
        assertThat(batch.get("new")).isEqualTo(3L);
        assertThat(batch.get("gone")).isNull();
        assertThat(batch.get("there")).isEqualTo(1L);
        batch.put("new", 4L);
        batch.put("gone", 5L);
        assertThat(batch.get("new")).isEqualTo(4L);
        assertThat(batch.get("gone")).isEqualTo(5L);
        assertThat(batch.operations()).isEqualTo(4);
        assertThat(map.get("new")).isNull();
      });
      assertThat(map)
          .containsOnly(Map.entry("there", 1L), Map.entry("new", 4L), Map.entry("gone", 5L));
    }
  }

  @Test
  void asynchronousWritesCompleteInOrder() {
    try (HMap<String, Long> map = open("store.hmap")) {
      CompletableFuture<Void> batch = map.writeAsync(b -> b.put("a", 1L));
      assertThat(map.putIfAbsentAsync("a", 2L).join()).isEqualTo(1L);
      assertThat(batch).isCompleted();
      assertThat(map.replaceAsync("a", 3L).join()).isEqualTo(1L);
      assertThat(map.replaceAsync("a", 4L, 5L).join()).isFalse();
      assertThat(map.replaceAsync("a", 3L, 5L).join()).isTrue();
      assertThat(map.removeAsync("a", 3L).join()).isFalse();
      assertThat(map.removeAsync("a", 5L).join()).isTrue();
      assertThat(map.replaceAsync("a", 6L).join()).isNull();
      assertThat(map.writeAsync(b -> {})).succeedsWithin(Duration.ofMinutes(1));
      assertThat(map).isEmpty();
    }
  }
}
