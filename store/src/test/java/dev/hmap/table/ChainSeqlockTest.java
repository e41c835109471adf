package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.BucketLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A root's version is odd while the writer changes its chain; so readers know to begin again. */
class ChainSeqlockTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final SmallMap map = SmallMap.ofLongs(3);
  private final Cursor root = map.bucket(5);
  private final List<Integer> announced = new ArrayList<>();
  private final List<Integer> outdated = new ArrayList<>();
  private final ChainSeqlock seqlock =
      new ChainSeqlock(
          LAYOUT, (_, _) -> announced.add(version(root)), () -> outdated.add(version(root)));

  private static int version(Cursor root) {
    return root.memory.getInt(root.offset + LAYOUT.version());
  }

  @Test
  void aVersionIsOddDuringAChangeAndTheNextEvenNumberAfterIt() {
    assertThat(version(root)).isZero();
    seqlock.beginChange(root);
    assertThat(version(root)).isEqualTo(1);
    assertThat(seqlock.isChanging(root.address)).isTrue();
    seqlock.endChange(root);
    assertThat(version(root)).isEqualTo(2);
    assertThat(seqlock.isChanging()).isFalse();
    assertThat(announced).as("versions when the barrier was called").containsExactly(0);
  }

  @Test
  void readsAreOutdatedBeforeAVersionComesRound() {
    root.memory.putInt(root.offset + LAYOUT.version(), -4);
    for (int expected : new int[] {-2, 0, 2}) {
      seqlock.beginChange(root);
      seqlock.endChange(root);
      assertThat(version(root)).isEqualTo(expected);
    }
    assertThat(outdated).as("versions when reads were outdated").containsExactly(-1);
  }

  @Test
  void aChangeOfAChainWhoseVersionIsOddIsRefused() {
    root.memory.putInt(root.offset + LAYOUT.version(), 7);
    assertThatThrownBy(() -> seqlock.beginChange(root))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("the version of the bucket at address %,d is odd", root.address);
    assertThat(seqlock.isChanging()).isFalse();
  }

  @Test
  void aReaderDoesNotWaitForAChangeThatWasLeftHalfDone() {
    seqlock.beginChange(root);
    seqlock.awaitWriter(); // returns: the writer may be at it
    IllegalStateException cause = new IllegalStateException("no memory");
    seqlock.setBroken(cause);
    assertThatThrownBy(seqlock::awaitWriter)
        .isInstanceOf(StoreFailedException.class)
        .hasCause(cause);
  }
}
