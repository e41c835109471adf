package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.BucketLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sequence lock of each chain: the version in its root bucket, odd while the writer changes
 * anything in the chain. A reader looks at it before and after, and begins again if it moved.
 *
 * <p>The versions lie in the file, so one that is odd may also be damage. Therefore it is said in
 * memory which chains are being changed, and whether a change was left half done: a reader waits
 * only for a writer that is there.
 *
 * <p>Source: Boehm, <i>Can Seqlocks Get Along with Programming Language Memory Models?</i>, 2012,
 * for the fences.
 */
final class ChainSeqlock {
  private final int versionAt;
  private final int bucketBytes;
  private final WriteBarrier barrier;

  /** Makes what was read before a version came round not count. */
  private final Runnable outdateReads;

  // Published to readers; changed by the writer, but for broken.

  /** Address of the root whose version is odd, 0 if none is. */
  private final AtomicLong changing = new AtomicLong();

  private volatile @Nullable Throwable broken;

  ChainSeqlock(BucketLayout layout, WriteBarrier barrier, Runnable outdateReads) {
    this.versionAt = layout.version();
    this.bucketBytes = layout.bytes();
    this.barrier = barrier;
    this.outdateReads = outdateReads;
  }

  /**
   * Makes a root's version odd. The last fence keeps the stores that follow after it; it pairs with
   * the fence before {@link HmapReader}'s second look at the version. Writer thread only.
   */
  void beginChange(Cursor c) {
    int offset = c.offset + versionAt;
    int version = c.memory.getInt(offset);
    if ((version & 1) != 0) {
      throw new StoreCorruptException(
          "the version of the bucket at address %,d is odd".formatted(c.address));
    }
    barrier.beforeWrite(c.address, bucketBytes);
    changing.setRelease(c.address);
    VarHandle.storeStoreFence(); // pairs with the look at the version in HmapReader.await
    c.memory.putInt(offset, version + 1);
    VarHandle.storeStoreFence();
  }

  /**
   * Makes a root's version even again; pairs with the acquiring first look of a reader. Where it
   * comes round to 0, a reader that has stood still for 2^31 changes might meet its version again;
   * so all that was read before is outdated first. Writer thread only.
   */
  void endChange(Cursor c) {
    int offset = c.offset + versionAt;
    int even = c.memory.getInt(offset) + 1;
    if (even == 0) {
      outdateReads.run();
    }
    c.memory.putIntRelease(offset, even);
    changing.setRelease(0);
  }

  /** Whether the writer is at any chain. */
  boolean isChanging() {
    return changing.getAcquire() != 0;
  }

  /** Whether the writer is at the chain of the root at an address. Any thread. */
  boolean isChanging(long address) {
    return changing.getAcquire() == address;
  }

  /**
   * Marks a change as left half done, so that readers who meet an odd version do not wait for it
   * for ever. Any thread.
   */
  void setBroken(Throwable cause) {
    broken = cause;
  }

  /**
   * For a reader that must begin again: waits a little, or throws if there is nothing to wait for.
   */
  void awaitWriter() {
    Throwable cause = broken;
    if (cause != null) {
      throw new StoreFailedException(
          "the entry was being changed when writing failed: " + cause, cause);
    }
    Thread.onSpinWait();
  }
}
