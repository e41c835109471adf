package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.checkpoint.CheckpointWriter.Outcome;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.HmapFields;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.LostLockException;
import dev.hmap.recovery.Journal;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.SmallStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finishes a committed checkpoint: its images and then its header, while no reader looks on. */
class InPlacePhaseTest {
  private final MemoryFiles files = new MemoryFiles();
  private final Journal journal = new Journal(files);
  private final OneImage image = new OneImage();
  private SmallStore store;
  private StoreHeader before;
  private StoreHeader after;
  private int wakes;

  /** The image of page 2. */
  private static final class OneImage implements PageImages {
    boolean isReleased;

    @Override
    public void forEachPage(Consumer consumer) throws IOException {
      consumer.accept(2, ByteBuffer.allocate(4096).put(0, (byte) 7));
    }

    @Override
    public void release() {
      isReleased = true;
    }
  }

  @BeforeEach
  void createStore() throws IOException {
    store = SmallStore.create(journal);
    before = Recovery.readHeader(files, SmallStore.NAMES);
    after = SmallStore.successor(before, HmapFields.FLAG_HASH_WRITING);
    journal.takeCalls();
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private Outcome finish(BooleanSupplier isClosing) throws IOException {
    InPlacePhase phase =
        new InPlacePhase(
            store.opened().data(), store.log(), store.opened().lock(), isClosing, () -> wakes++);
    return phase.finish(before, after, image);
  }

  @Test
  void writesTheImagesAndThenTheHeader() throws IOException {
    assertThat(finish(() -> false)).isEqualTo(Outcome.DONE);
    assertThat(journal.takeCalls())
        .containsExactly("write data page 2", "force data", "write data page 0", "force data");
    assertThat(Recovery.readHeader(files, SmallStore.NAMES)).isEqualTo(after);
    assertThat(image.isReleased).isTrue();
  }

  @Test
  void waitsForReadersUntilTheStoreIsClosed() throws IOException {
    files.setReadersAbout();
    int[] looks = {3};
    assertThat(finish(() -> --looks[0] == 0)).isEqualTo(Outcome.LEFT_COMMITTED);
    assertThat(wakes).isEqualTo(1); // the writer learns of it when the waiting begins
    assertThat(journal.takeCalls()).isEmpty();
    assertThat(image.isReleased).isFalse(); // recovery needs it
  }

  @Test
  void waitsForRoomUntilTheStoreIsClosed() throws IOException {
    journal.fail("write data page 2", "No space left on device");
    int[] looks = {3};
    assertThat(finish(() -> --looks[0] == 0)).isEqualTo(Outcome.LEFT_COMMITTED);
    assertThat(journal.takeCalls())
        .containsExactly("write data page 2", "write data page 2", "write data page 2");
    assertThat(image.isReleased).isFalse();
  }

  @Test
  void writesNothingToAFileThatIsAnothers() throws IOException {
    store.opened().data().write(after.encode(), 0); // as if another process had written it
    journal.takeCalls();
    assertThatThrownBy(() -> finish(() -> false)).isInstanceOf(LostLockException.class);
    assertThat(journal.takeCalls()).isEmpty();
  }
}
