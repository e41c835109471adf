package dev.hmap.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.error.CodecMismatchException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of the Javadoc. */
@Timeout(60)
class SnippetsTest {
  @TempDir Path folder;

  private Path path(String name) {
    return folder.resolve(name + ".hmap");
  }

  @Test
  void openedTwiceItCountsTwo() {
    Path path = path("pages");
    MapSnippets.countVisit(path);
    MapSnippets.countVisit(path);
    try (var pages = HMap.open(path, Codec.STRING, Codec.record(MapSnippets.Page.class))) {
      assertThat(pages).containsOnly(Map.entry("/", new MapSnippets.Page("Home", 2)));
    }
  }

  @Test
  void writingReadingIteratingAndBackup() {
    try (HMap<String, Long> stock = HMap.open(path("stock"), Codec.STRING, Codec.LONG)) {
      MapSnippets.write(stock);
      assertThat(stock).containsOnly(Map.entry("apples", 2L), Map.entry("pears", 6L));
      assertThat(MapSnippets.read(stock)).isEqualTo(8);
      assertThat(MapSnippets.iterate(stock)).isEqualTo(8);
      MapSnippets.backup(stock, path("copy"));
    }
    try (HMap<String, Long> copy = HMap.open(path("copy"), Codec.STRING, Codec.LONG)) {
      assertThat(copy).hasSize(2);
    }
  }

  @Test
  void batchesAndMarks() {
    try (HMap<String, Long> map = HMap.open(path("map"), Codec.STRING, Codec.LONG)) {
      map.putAll(Map.of("alice", 30L, "bob", 0L));
      MapSnippets.batch(map);
      assertThat(map).containsOnly(Map.entry("alice", 20L), Map.entry("bob", 10L));
      map.clear();
      MapSnippets.count(map, new String[] {"a", "b"});
      MapSnippets.count(map, new String[] {"a", "b", "a"});
      assertThat(map).containsOnly(Map.entry("a", 2L), Map.entry("b", 1L));
    }
  }

  @Test
  void writingWithoutWaiting() {
    try (HMap<Long, String> log = HMap.open(path("log"), Codec.LONG, Codec.STRING)) {
      MapSnippets.async(log);
      assertThat(log).hasSize(10_000).containsEntry(9_999L, "line 9999");
    }
  }

  @Test
  void optionsAndFollowing() {
    Path path = path("sessions");
    try (HMap<UUID, String> sessions = BuilderSnippets.sessions(path)) {
      sessions.put(new UUID(1, 2), "a session");
      assertThat(BuilderSnippets.follow(path)).isEqualTo(1);
    }
  }

  @Test
  void aCodecOfOnesOwn() {
    Codec<LocalDate> dates = LocalDateCodec.INSTANCE;
    LocalDate day = LocalDate.of(2025, 3, 30);
    try (HMap<LocalDate, LocalDate> map = HMap.open(path("dates"), dates, dates)) {
      map.put(day, LocalDate.MIN);
      map.put(LocalDate.MAX, day);
    }
    try (HMap<LocalDate, LocalDate> map = HMap.open(path("dates"), dates, dates)) {
      assertThat(map).containsOnly(Map.entry(day, LocalDate.MIN), Map.entry(LocalDate.MAX, day));
    }
    assertThatThrownBy(() -> HMap.open(path("dates"), dates, Codec.LONG))
        .isInstanceOf(CodecMismatchException.class)
        .hasMessageContaining("com.example.date");
  }
}
