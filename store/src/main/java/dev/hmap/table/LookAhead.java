package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import java.util.Arrays;

/**
 * Has the chains of several keys fetched into the processor's caches, so that the look-ups that
 * follow do not wait for memory one after the other. First it finds out where the chains begin, and
 * only then looks at them: the loop that meets the delays is so short that the processor is at ten
 * or more of them at once. Nothing is concluded from what it sees. One thread at a time.
 */
final class LookAhead {
  private static final int CACHE_LINE_BYTES = 64;
  private static final long UNLIKELY = 0x5DEE_CE66_D1CE_4E5BL;

  private final int second;
  private final int last;
  private Memory[] memories;
  private long[] offsets;
  private int size;

  /** For buckets of a layout. */
  LookAhead(BucketLayout layout, int keys) {
    last = layout.bytes() - Long.BYTES;
    second = Math.min(CACHE_LINE_BYTES, last);
    memories = new Memory[keys];
    offsets = new long[keys];
  }

  /** Adds where the chain of a hash begins; while the map grows, it may begin in either array. */
  void add(Table t, long hash) {
    BucketArray old = t.old;
    if (old != null && ((int) hash & old.mask) >= t.evacuatedBelow) {
      add(old, (int) hash & old.mask);
    } else {
      add(t.buckets, (int) hash & t.buckets.mask);
    }
  }

  private void add(BucketArray array, int bucket) {
    if (size == offsets.length) {
      memories = Arrays.copyOf(memories, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    int extent = array.extentOf(bucket);
    memories[size] = array.memory(extent);
    offsets[size] = array.offset(extent, bucket);
    size++;
  }

  /** Fetches the roots of all chains that were added, and forgets them. */
  void fetch() {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      Memory memory = memories[i];
      long offset = offsets[i];
      sum += memory.getLong(offset);
      sum += memory.getLong(offset + second);
      for (int at = 2 * CACHE_LINE_BYTES; at + CACHE_LINE_BYTES < last; at += CACHE_LINE_BYTES) {
        sum += memory.getLong(offset + at);
      }
      sum += memory.getLong(offset + last);
    }
    size = 0;
    if (sum == UNLIKELY) {
      Thread.onSpinWait(); // the sum says nothing; but for this, the looks would be left out
    }
  }
}
