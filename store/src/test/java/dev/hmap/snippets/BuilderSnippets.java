package dev.hmap.snippets;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** Of {@link HMapBuilder}. */
final class BuilderSnippets {
  private BuilderSnippets() {}

  // @start region="sessions"
  /** Sessions that end by themselves; a power cut may cost the last 200 ms of them. */
  static HMap<UUID, String> sessions(Path path) {
    return HMap.at(path, Codec.UUID, Codec.STRING)
        .durability(Durability.ASYNC)
        .syncInterval(Duration.ofMillis(200))
        .timeToLive(Duration.ofHours(8))
        .expectedEntries(100_000)
        .open();
  }

  // @end

  static long follow(Path path) {
    // @start region="follow"
    try (HMap<UUID, String> reader =
        HMap.at(path, Codec.UUID, Codec.STRING).readOnly().openExisting()) {
      reader.refresh(); // what the writer, here or in another process, has logged since
      return reader.mappingCount();
    }
    // @end
  }
}
