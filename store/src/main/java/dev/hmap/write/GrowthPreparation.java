package dev.hmap.write;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.checkpoint.GivingBack;
import dev.hmap.event.Log;
import dev.hmap.format.PageLayout;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.Populating;
import dev.hmap.table.Hmap;
import dev.hmap.table.Space;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the memory of the next array made shortly before the map doubles: the first write to a page
 * costs some microseconds, and the writes after a doubling would each pay for several. Shortly is
 * by the rate at which entries come, so that a map that rests just below a doubling takes nothing.
 * As much is made as leaves room before a checkpoint would give it back. Writer thread only.
 */
final class GrowthPreparation {
  private static final long SAMPLE_NANOS = 50_000_000;

  /** For one look at the map and the clock, which would show beside a short write. */
  static final int STEPS = 16;

  /** How long before the doubling, for each page, and two samples: several times what one takes. */
  private static final long NANOS_PER_PAGE = 100_000;

  /** Of the private memory: at twelve of them a checkpoint begins that gives pages back. */
  private static final int SIXTEENTHS = 11;

  private final Hmap map;
  private final Space space;
  private final DirtyPages dirty;
  private final GivingBack givingBack;
  private final LongSupplier privateMemory;
  private final LongSupplier nanos;
  private @Nullable Populating populating;
  private int steps;
  private long sampledNanos;
  private long sampledCount;

  /**
   * The preparation of a map.
   *
   * @param nanos like {@link System#nanoTime}
   */
  GrowthPreparation(
      Hmap map,
      Space space,
      DirtyPages dirty,
      GivingBack givingBack,
      LongSupplier privateMemory,
      LongSupplier nanos) {
    this.map = map;
    this.space = space;
    this.dirty = dirty;
    this.givingBack = givingBack;
    this.privateMemory = privateMemory;
    this.nanos = nanos;
    this.sampledNanos = nanos.getAsLong();
    this.sampledCount = map.count();
  }

  /** Begins if the map will soon double. */
  void look() {
    long left = map.insertsUntilDoubling();
    if (left != Long.MAX_VALUE
        && !givingBack.isUnderWay() // it would take them again
        && isNear(left)
        && NativeMemory.isAvailable()) {
      List<MemorySegment> runs = nextArray();
      if (!runs.isEmpty()) {
        start(runs);
      }
    }
  }

  /** The same beside a write: once in a while. */
  void step() {
    if (steps++ % STEPS == 0) {
      look();
    }
  }

  /** Whether this many entries will soon have come, if they come as they did since the sample. */
  private boolean isNear(long left) {
    long now = nanos.getAsLong();
    if (now - sampledNanos < SAMPLE_NANOS) {
      return false;
    }
    long count = map.count();
    double inserted = count - sampledCount;
    double nanosSince = now - sampledNanos;
    sampledNanos = now;
    sampledCount = count;
    long pages = Math.min(roomInPages(), map.pagesOfNextArray());
    long nanosBefore = 2 * SAMPLE_NANOS + NANOS_PER_PAGE * pages;
    return pages > 0 && left < inserted / nanosSince * nanosBefore;
  }

  private long roomInPages() {
    long mayBeMade = privateMemory.getAsLong() / 16 * SIXTEENTHS;
    return (mayBeMade >>> PageLayout.PAGE_SHIFT) - dirty.privateCount();
  }

  private List<MemorySegment> nextArray() {
    long room = roomInPages();
    List<MemorySegment> runs = new ArrayList<>();
    Hmap.NextArray next = map.nextArray();
    int pages = 1 << next.extentOrder();
    for (int first : next.pages()) {
      int before = dirty.privateCount();
      if (room < pages) {
        break;
      }
      for (int page = first; page < first + pages; page++) {
        dirty.setPrivate(page);
      }
      int made = dirty.privateCount() - before; // the others are left of arrays before
      if (made > 0) {
        runs.add(space.segment(first, pages));
      }
      room -= made;
    }
    return runs;
  }

  private void start(List<MemorySegment> runs) {
    giveUp();
    try {
      populating = Populating.start(runs);
    } catch (OutOfMemoryError e) {
      Log.debug(() -> "a growth is not prepared: " + e); // the pages come when they are needed
    }
  }

  /** Ends what is under way, before the mapping goes. */
  void giveUp() {
    Populating before = populating;
    populating = null;
    if (before != null) {
      before.giveUp();
    }
  }
}
