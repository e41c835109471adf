package dev.hmap.checkpoint;

import dev.hmap.format.PageLayout;
import dev.hmap.table.WriteBarrier;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Which pages of the mapping differ from the file, in three sets. <i>Dirty</i>: changed since the
 * last checkpoint fixed its position. <i>Pending</i>: part of the checkpoint under way, and not
 * copied yet; such a page is copied before it changes, so a dirty page is never pending.
 * <i>Private</i>: a copy that the kernel made for us on first write, dirty or not. Writer thread
 * only.
 */
public final class DirtyPages implements WriteBarrier {
  private BitSet dirty = new BitSet();
  private BitSet pending = new BitSet();
  private final BitSet privatePages = new BitSet();
  private int privateCount;
  private int pendingCount;
  private int sweep;
  private IntConsumer copier = page -> {};

  /** No page is dirty. */
  public DirtyPages() {}

  @Override
  public void beforeWrite(long address, long bytes) {
    int last = PageLayout.pageOf(address + bytes - 1);
    for (int page = PageLayout.pageOf(address); page <= last; page++) {
      if (!dirty.get(page)) {
        touch(page);
      }
    }
  }

  private void touch(int page) {
    if (pending.get(page)) {
      copy(page);
    }
    dirty.set(page);
    setPrivate(page);
  }

  /** Takes note that a page is a private copy, though not changed since the last checkpoint. */
  public void setPrivate(int page) {
    if (!privatePages.get(page)) {
      privatePages.set(page);
      privateCount++;
    }
  }

  @Override
  public boolean isMade(int page) {
    return privatePages.get(page);
  }

  private void copy(int page) {
    copier.accept(page);
    pending.clear(page);
    pendingCount--;
  }

  /**
   * Makes the dirty pages pending, those that are still in use, and starts a new dirty set.
   *
   * @param used pages in use
   * @param pageCopier copies a page for the checkpoint
   * @return the pages that are now pending
   */
  BitSet freeze(BitSet used, IntConsumer pageCopier) {
    if (pendingCount > 0) {
      throw new IllegalStateException("%,d pages are still pending".formatted(pendingCount));
    }
    pending = dirty;
    pending.and(used);
    pendingCount = pending.cardinality();
    dirty = new BitSet(pending.length());
    sweep = 0;
    copier = pageCopier;
    return (BitSet) pending.clone();
  }

  /** Copies some of the pending pages; false when there are none left. */
  boolean copySome(int pages) {
    for (int i = 0; i < pages && pendingCount > 0; i++) {
      sweep = pending.nextSetBit(sweep);
      copy(sweep);
    }
    return pendingCount > 0;
  }

  /** Whether any page is left to be copied. */
  public boolean isPending() {
    return pendingCount > 0;
  }

  /** Undoes {@link #freeze} for a checkpoint that did not come about. */
  void restore(BitSet frozen) {
    pending.clear();
    pendingCount = 0;
    dirty.or(frozen);
  }

  /** Pages that are dirty. */
  int count() {
    return dirty.cardinality();
  }

  /** Whether any page is dirty. */
  public boolean isDirty() {
    return !dirty.isEmpty();
  }

  /** Pages that are private copies. */
  public int privateCount() {
    return privateCount;
  }

  /**
   * Hands runs of private pages that equal the file to {@code giveBack}, and forgets them.
   *
   * @param from where to begin
   * @param pages how many private pages are looked at, at most
   * @return where to go on; -1 if there are no more, or the runs are not taken
   */
  int giveBackClean(int from, int pages, RunConsumer giveBack) {
    int page = privatePages.nextSetBit(from);
    int left = pages;
    while (page >= 0 && left > 0) {
      int begin = page;
      while (left > 0 && privatePages.get(page) && !dirty.get(page) && !pending.get(page)) {
        page++;
        left--;
      }
      if (page > begin) {
        if (!giveBack.accept(begin, page)) {
          return -1;
        }
        privatePages.clear(begin, page);
        privateCount -= page - begin;
      } else {
        page++;
        left--;
      }
      page = privatePages.nextSetBit(page);
    }
    return page;
  }

  /** Takes a run of pages. */
  @FunctionalInterface
  interface RunConsumer {
    /** False ends the walk. */
    boolean accept(int from, int to);
  }
}
