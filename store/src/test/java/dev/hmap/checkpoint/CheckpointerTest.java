package dev.hmap.checkpoint;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.HmapFields;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.recovery.Journal;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.SmallStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A checkpoint replaces the state that the data file holds by the state of the map at the moment
 * when it began, in steps of which a crash may cut off any: page 05 of the format, "Order of
 * writes".
 */
class CheckpointerTest {
  private final MemoryFiles files = new MemoryFiles();
  private final Journal journal = new Journal(files);
  private SmallStore store;
  private Checkpointer checkpointer;

  @BeforeEach
  void createStore() throws IOException {
    store = SmallStore.create(journal);
    checkpointer = store.checkpointer();
    journal.takeCalls();
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private StoreHeader headerInFile() {
    return Recovery.readHeader(files, NAMES);
  }

  /** The last byte of the value of the first key, in the bucket in page 2. */
  private byte valueInFile() {
    return files.copy(NAMES.data())[0x204F];
  }

  @Test
  void marksTheStoreOnceBeforeTheFirstWrite() throws IOException {
    StoreHeader clean = headerInFile();
    checkpointer.markWriting();
    checkpointer.markWriting();

    assertThat(journal.takeCalls()).containsExactly("write data page 0", "force data");
    StoreHeader marked = headerInFile();
    assertThat(marked.generation()).isEqualTo(2);
    assertThat(marked.hmap().flags()).isEqualTo(HmapFields.FLAG_HASH_WRITING);
    assertThat(marked.directory()).isEqualTo(clean.directory());
    assertThat(marked.log()).isEqualTo(clean.log());
  }

  @Test
  void writesInTheOrderOfTheFormat() throws IOException {
    store.put(1, 10);
    journal.takeCalls();
    assertThat(store.checkpoint()).isTrue();

    assertThat(journal.takeCalls())
        .containsExactly(
            "write data page 4", // 3. the new directory: no page of the state before, so in place
            "force data", // 4.
            "write log", // 5. the image of page 2, which the state before uses, and the commit
            "force log",
            "write data page 2", // 6. the image is put in place
            "force data",
            "write data page 1", // 7. the header of generation 3
            "force data");
    assertThat(headerInFile().generation()).isEqualTo(3);
    assertThat(headerInFile().hmap().count()).isEqualTo(1);
    assertThat(headerInFile().hmap().flags()).isEqualTo(HmapFields.FLAG_HASH_WRITING);
    assertThat(headerInFile().directory().page()).isEqualTo(4);
    assertThat(checkpointer.durable()).isEqualTo(headerInFile());
  }

  @Test
  void holdsTheMomentAtWhichItBegan() throws IOException {
    store.put(1, 10);
    store.beginCheckpoint();
    store.put(1, 11); // copies the page before it changes
    store.put(2, 20);
    assertThat(checkpointer.finish()).isTrue();

    assertThat(headerInFile().hmap().count()).isEqualTo(1);
    assertThat(headerInFile().log().sequence()).isEqualTo(2); // the records from the second on
    assertThat(valueInFile()).isEqualTo((byte) 10);
  }

  @Test
  void copiesNoMorePagesThanTheMediumTakes() throws IOException {
    CountDownLatch medium = new CountDownLatch(1);
    try (SmallStore slow = SmallStore.create(new WaitingFiles(medium))) {
      for (long key = 0; key < 30_000; key++) {
        slow.put(key, key);
      }
      slow.beginCheckpoint();
      boolean _ = slow.checkpointer().step(Integer.MAX_VALUE);
      boolean isPending = slow.opened().dirty().isPending();
      medium.countDown();
      assertThat(slow.checkpointer().finish()).isTrue();
      assertThat(isPending).isTrue();
    }
  }

  @Test
  void whatMayBeCopiedLaterLeavesRoomForPagesThatAreAboutToChange() throws IOException {
    CountDownLatch medium = new CountDownLatch(1);
    try (SmallStore slow = SmallStore.create(new WaitingFiles(medium))) {
      for (long key = 0; key < 300_000; key++) {
        slow.put(key, key);
      }
      slow.beginCheckpoint();
      while (slow.checkpointer().hasWork()) {
        boolean _ = slow.checkpointer().step(Integer.MAX_VALUE);
      }
      boolean isPending = slow.opened().dirty().isPending();
      boolean hasRoom = slow.checkpointer().hasRoomForCopies();
      medium.countDown();
      assertThat(slow.checkpointer().finish()).isTrue();
      assertThat(isPending).isTrue();
      assertThat(hasRoom).isTrue();
      assertThat(slow.checkpointer().hasRoomForCopies()).isTrue();
    }
  }

  /** Files in memory, to which a checkpoint's thread can write once it may. */
  private static final class WaitingFiles extends ForwardingFileSystem {
    private final CountDownLatch medium;

    WaitingFiles(CountDownLatch medium) {
      super(new MemoryFiles());
      this.medium = medium;
    }

    @Override
    public StoreFile open(Path path, Mode mode) throws IOException {
      return new ForwardingStoreFile(super.open(path, mode)) {
        @Override
        public void write(ByteBuffer from, long position) throws IOException {
          if (Thread.currentThread().getName().equals("hmap-checkpoint")) {
            Uninterruptibles.awaitUninterruptibly(medium);
          }
          super.write(from, position);
        }
      };
    }
  }

  @Test
  void changesNothingWithoutRoomForTheImages() throws IOException {
    store.put(1, 10);
    StoreHeader before = headerInFile();
    journal.fail("write log", "No space left on device");
    assertThat(store.checkpoint()).isFalse();
    assertThat(checkpointer.wasFull()).isTrue();
    assertThat(checkpointer.refusal()).isEqualTo("has no room for a checkpoint");
    assertThat(headerInFile()).isEqualTo(before);

    journal.failNoMore();
    assertThat(store.checkpoint()).isTrue();
    assertThat(headerInFile().hmap().count()).isEqualTo(1);
    assertThat(valueInFile()).isEqualTo((byte) 10);
  }

  @Test
  void waitsAfterTheCommitWhileReadersHoldTheGuard() throws IOException {
    store.put(1, 10);
    files.setReadersAbout();
    store.beginCheckpoint();
    assertThat(checkpointer.finishUnlessHeldUp()).isFalse();
    assertThat(checkpointer.isHeldUp()).isTrue();
    assertThat(headerInFile().generation()).isEqualTo(2);

    checkpointer.setClosing();
    assertThat(checkpointer.finish()).isFalse();
    assertThat(checkpointer.isLeftCommitted()).isTrue(); // recovery will put it in place
    assertThatThrownBy(store::beginCheckpoint).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void adoptsACheckpointThatReadersHeldUpWhenTheStoreWasOpened() throws IOException {
    store.put(1, 10);
    files.setReadersAbout();
    checkpointer.setClosing();
    checkpointer.begin(store.end(), store.log(), 0); // the last one, without hashWriting
    checkpointer.finish();
    MemoryFiles left = SmallStore.crash(files);
    left.setReadersAbout();
    OpenedStore opened = Recovery.open(left, NAMES, true, null);

    StoreLock withoutReaders = SmallStore.crash(left).lockForWriting(NAMES.data());
    Checkpointer adopting = SmallStore.checkpointer(opened, withoutReaders);
    adopting.adopt(opened.left(), opened.log());
    assertThat(adopting.durable()).isEqualTo(opened.left().before()); // until it is in place
    assertThat(adopting.finish()).isTrue();
    StoreHeader header = Recovery.readHeader(left, NAMES);
    assertThat(header.generation()).isEqualTo(3);
    assertThat(header.hmap().flags()).isEqualTo(HmapFields.FLAG_HASH_WRITING); // it is open again
    assertThat(left.copy(NAMES.data())[0x204F]).isEqualTo((byte) 10);
    opened.close();
  }
}
