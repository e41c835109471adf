package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store is made in a workshop, and gets its name in one step when it is whole. */
class FreshStoreTest {
  private static final Path ROOT = Path.of("/");
  private static final FileNames COPY = new FileNames(Path.of("/copy.hmap"));
  private static final Geometry TEXTS = new Geometry(0, 0, "text", "text");

  private final MemoryFiles files = TextStore.create();

  private static void fill(FreshStore fresh) {
    try (WritableStore store = fresh.create(TEXTS, 0, LogHead.NONE)) {
      TextStore.put(store, "a", "1");
    }
  }

  private Map<String, String> content(FileNames names) {
    try (FollowedStore store = TextStore.read(files, names)) {
      return TextStore.content(store);
    }
  }

  @Test
  void itHasItsNameOnceItIsPublished() throws IOException {
    try (FreshStore fresh = new FreshStore(files, COPY)) {
      fill(fresh);
      assertThat(files.exists(COPY.data())).isFalse();
      fresh.publish(NAMES.data());
      assertThat(files.exists(COPY.data())).isTrue();
    }
    assertThat(files.list(ROOT)).containsExactlyInAnyOrder(NAMES.data(), COPY.data());
    assertThat(content(COPY)).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void ofOneThatIsNotPublishedNothingIsLeft() throws IOException {
    Path workshop = COPY.workshop(1);
    try (FreshStore fresh = new FreshStore(files, COPY)) {
      fill(fresh);
      assertThat(files.list(workshop)).isNotEmpty();
    }
    assertThat(files.list(workshop)).isEmpty();
    assertThat(files.list(ROOT)).containsExactly(NAMES.data());
  }

  @Test
  void aNameThatIsTakenIsNotTakenAway() throws IOException {
    byte[] before = files.copy(NAMES.data());
    try (FreshStore fresh = new FreshStore(files, NAMES)) {
      fill(fresh);
      assertThatThrownBy(() -> fresh.publish(NAMES.data()))
          .isInstanceOf(StoreAccessException.class)
          .hasMessage("/store.hmap exists already");
    }
    assertThat(files.copy(NAMES.data())).isEqualTo(before);
  }

  @Test
  void replacingPutsItInThePlaceOfTheStoreThatHasTheName() throws IOException {
    try (FreshStore fresh = new FreshStore(files, NAMES)) {
      fill(fresh);
      fresh.replace();
    }
    assertThat(content(NAMES)).isEqualTo(Map.of("a", "1"));
    assertThat(files.list(ROOT)).containsExactly(NAMES.data());
  }

  @Test
  void oneThatStillHasALogIsNotWholeAndNotPublished() throws IOException {
    try (FreshStore fresh = new FreshStore(files, COPY)) {
      try (WritableStore store = fresh.create(TEXTS, 0, LogHead.NONE)) {
        TextStore.put(store, "a", "1");
        assertThatThrownBy(() -> fresh.publish(NAMES.data()))
            .isInstanceOf(StoreFullException.class);
      }
      assertThat(files.exists(COPY.data())).isFalse();
    }
  }
}
