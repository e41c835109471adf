package dev.hmap.store;

import static dev.hmap.store.TextStore.content;
import static dev.hmap.store.TextStore.get;
import static dev.hmap.store.TextStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreClosedException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store that is open for reading stays as it was until it is refreshed. */
class FollowedStoreTest {
  private final MemoryFiles files = TextStore.create();

  @Test
  void whatIsWrittenMeanwhileIsSeenAfterARefresh() {
    try (WritableStore writer = TextStore.open(files);
        FollowedStore reader = TextStore.read(files)) {
      put(writer, "a", "1");
      reader.refresh(); // there was no log before, so it is opened once more
      put(writer, "a", "2");
      assertThat(get(reader, "a")).isEqualTo("1");
      reader.refresh();
      assertThat(get(reader, "a")).isEqualTo("2");
    }
  }

  @Test
  void itGoesOnThroughACheckpointAndTheEndOfTheWriter() {
    try (FollowedStore reader = TextStore.read(files)) {
      try (WritableStore writer = TextStore.open(files)) {
        put(writer, "a", "1");
        writer.checkpoint();
        put(writer, "b", "2");
        reader.refresh();
        assertThat(content(reader)).isEqualTo(Map.of("a", "1", "b", "2"));
        put(writer, "c", "3");
      }
      assertThat(files.exists(TextStore.NAMES.log())).isFalse();
      reader.refresh();
      assertThat(content(reader)).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
    }
  }

  @Test
  void itKnowsHowFarItLagsBehindTheWriter() {
    try (WritableStore writer = TextStore.open(files)) {
      put(writer, "a", "1");
      try (FollowedStore reader = TextStore.read(files)) {
        assertThat(reader.stats().lag()).isEqualTo(new Follower.Lag(0, 0));
        put(writer, "b", "2");
        put(writer, "c", "3");
        assertThat(reader.stats().lag().records()).isEqualTo(2);
        reader.refresh();
        assertThat(reader.stats().lag().records()).isZero();
      }
    }
  }

  @Test
  void aReaderWritesNothing() {
    byte[] before = files.copy(TextStore.NAMES.data());
    try (FollowedStore reader = TextStore.read(files)) {
      reader.refresh();
      assertThat(reader.reader().count()).isZero();
    }
    assertThat(files.copy(TextStore.NAMES.data())).isEqualTo(before);
    assertThat(files.exists(TextStore.NAMES.log())).isFalse();
  }

  @Test
  void onceClosedEveryCallThrowsButClosingAgain() {
    FollowedStore reader = TextStore.read(files);
    reader.close();
    assertThatThrownBy(reader::refresh).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(reader::stats).isInstanceOf(StoreClosedException.class);
    reader.close();
  }
}
