package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.KeyHasher;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Iterates while the map changes and grows: an entry present throughout is returned exactly once,
 * one removed before it is reached is not returned, one added meanwhile may be. For one thread at a
 * time.
 *
 * <p>Starts at a root and a slot that are drawn for each iterator, as in Go's {@code mapiterinit},
 * so that no program comes to rely on an order.
 *
 * <p>Why it is right while the map grows: write the low bits of a key's hash in reverse, and every
 * key has a place on a line of 2^30 points that never changes; the root bucket of a map of any size
 * covers one aligned interval of that line, and growing only halves intervals. The iterator sweeps
 * once around the line, at each step taking from the map as it is then the part of one root's
 * interval that is still ahead.
 */
public final class HmapIterator {
  private static final int LINE_BITS = 30;
  private static final long LINE = 1L << LINE_BITS;

  /** How many chains are fetched at once, at most. */
  private static final int MAX_FETCHED = 64;

  private final int firstSlot;
  private HmapReader reader;
  private KeyHasher hasher;
  private long position;
  private long left = LINE;

  /** What was taken last; another object each time, so that copies may share it. */
  private ChainCopy chain = new ChainCopy();

  private int next;

  /** How many chains were fetched at once last, and how many of those are still ahead. */
  private int fetched;

  private int fetchedAhead;

  /** An iterator over the map that {@code reader} reads. */
  public HmapIterator(HmapReader reader) {
    this.reader = reader;
    reader.markIterator();
    Table begun = reader.table();
    hasher = begun.hasher;
    int b = begun.buckets.b;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    position = random.nextLong(1L << b) << LINE_BITS - b;
    firstSlot = random.nextInt(BucketLayout.SLOTS);
  }

  private HmapIterator(HmapIterator of, long position, long left) {
    reader = of.reader;
    hasher = of.hasher;
    firstSlot = of.firstSlot;
    this.position = position;
    this.left = left;
  }

  /** Gives half of what is still to be read to another iterator; null if it is little. */
  public @Nullable HmapIterator split() {
    long half = left / 2;
    if (half < LINE >>> reader.table().buckets.b) {
      return null;
    }
    left -= half;
    return new HmapIterator(this, position + left & LINE - 1, half);
  }

  /** How much of the map is still to be read, from 0 to 1. */
  public double share() {
    return (double) left / LINE;
  }

  /** Another iterator at the same place. */
  public HmapIterator copy() {
    HmapIterator copy = new HmapIterator(this, position, left);
    copy.chain = chain;
    copy.next = next;
    return copy;
  }

  /**
   * Goes on from another iterator's place.
   *
   * @param place itself or a copy
   * @param current reads the map now; it may be another opening of the same store
   */
  public void resumeAt(HmapIterator place, HmapReader current) {
    if (place != this) {
      position = place.position;
      left = place.left;
      next = place.next;
      chain = place.chain;
    }
    if (current != reader) {
      reader = current;
      KeyHasher other = current.table().hasher;
      hasher = other.hash(0) == hasher.hash(0) ? other : hasher; // not if it was cleared meanwhile
    }
  }

  /** The next entry, or null at the end. */
  public @Nullable EntryBytes next() {
    while (true) {
      while (next < chain.size()) {
        EntryBytes now = current(chain.get(next++));
        if (now != null) {
          return now;
        }
      }
      if (left == 0) {
        return null;
      }
      Table t = reader.table();
      if (t.hasher != hasher) {
        left = 0; // cleared: nothing that was there is left
        chain = new ChainCopy();
      } else if (sweep(t)) {
        next = 0;
      }
    }
  }

  /**
   * The next entry if it was copied with those before it and is still so; null if it takes {@link
   * #next} to find out.
   *
   * @param current as for {@link #resumeAt}
   */
  public @Nullable EntryBytes peek(HmapReader current) {
    if (next == chain.size()) {
      return null;
    }
    EntryBytes copied = chain.get(next);
    return current.isUntouched(copied, chain) ? copied : null;
  }

  /** Takes the entry that {@link #peek} returned. */
  public void take() {
    next++;
  }

  /** Whether an entry that this iterator returned last is still so. */
  public boolean isUntouched(EntryBytes returned, HmapReader current) {
    return current.isUntouched(returned, chain);
  }

  /** An entry that this iterator has returned last, as it is now; null if it is gone. */
  public @Nullable EntryBytes current(EntryBytes returned) {
    return reader.current(returned, chain);
  }

  /** Takes the part ahead of the interval at the position; false if the table was replaced. */
  private boolean sweep(Table t) {
    int b = t.buckets.b;
    long interval = LINE >>> b;
    long start = position & -interval;
    int bucket = root(start);
    fetchAhead(t, start, interval);
    ChainCopy copied = new ChainCopy();
    if (!reader.copier().copy(t, bucket, firstSlot, copied)) {
      return false;
    }
    long end = Math.min(start + interval, position + left);
    if (position > start || end < start + interval) {
      copied.removeIf(entry -> !isWithin(t, entry, end));
    }
    chain = copied;
    left -= end - position;
    position = end & LINE - 1;
    return true;
  }

  /** The root whose interval begins at a point. */
  private static int root(long start) {
    return (int) (Long.reverse(start) >>> Long.SIZE - LINE_BITS);
  }

  /**
   * Has the next chains fetched together, unless they were: the delays of memory then overlap.
   * Begins with one and doubles, so that whoever takes a few entries does not pay for many.
   */
  private void fetchAhead(Table t, long start, long interval) {
    if (fetchedAhead == 0) {
      fetched = (int) Math.min(Math.clamp(2L * fetched, 1, MAX_FETCHED), LINE / interval);
      int[] roots = new int[fetched];
      for (int i = 0; i < fetched; i++) {
        roots[i] = root(start + i * interval & LINE - 1);
      }
      reader.prefetchRoots(t, roots);
      fetchedAhead = fetched;
    }
    fetchedAhead--;
  }

  private boolean isWithin(Table t, EntryBytes entry, long end) {
    long place = Long.reverse(entry.hash(t.hasher)) >>> Long.SIZE - LINE_BITS;
    return place >= position && place < end;
  }
}
