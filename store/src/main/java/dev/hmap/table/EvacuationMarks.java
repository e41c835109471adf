package dev.hmap.table;

import dev.hmap.format.EvacuatedUnits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which units of the old array are evacuated, Go's {@code evacuated}: the chain of a root, or both
 * that become one where the array is halved. Go marks the slots of an old chain; here a bit stands
 * beside the array, so that what is about to be freed is not written any more.
 *
 * <p>The writer marks a unit once its new chains are whole. Any thread may look.
 */
final class EvacuationMarks {
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle CHUNKS = MethodHandles.arrayElementVarHandle(long[][].class);

  /** The bits of 2^19 units are made at once, when the first of them is marked. */
  private static final int CHUNK_SHIFT = 19;

  private static final int CHUNK_WORDS = (1 << CHUNK_SHIFT) / Long.SIZE;

  private final int units;
  private final long[] @Nullable [] chunks;

  /** None of this many is evacuated yet. */
  EvacuationMarks(int units) {
    this.units = units;
    this.chunks = new long[Math.ceilDiv(units, 1 << CHUNK_SHIFT)][];
  }

  /** As a directory has it. */
  EvacuationMarks(int units, EvacuatedUnits evacuated) {
    this(units);
    evacuated.check(units);
    int first = EvacuatedUnits.word((int) evacuated.nevacuate());
    for (int word = 0; word < first; word++) {
      chunkOf(word)[word % CHUNK_WORDS] = -1;
    }
    long[] words = evacuated.words();
    for (int i = 0; i < words.length; i++) {
      chunkOf(first + i)[(first + i) % CHUNK_WORDS] = words[i];
    }
    for (int unit = first * Long.SIZE; unit < evacuated.nevacuate(); unit++) {
      mark(unit);
    }
  }

  private long[] chunkOf(int word) {
    long @Nullable [] chunk = chunks[word / CHUNK_WORDS];
    if (chunk == null) {
      chunk = new long[Math.min(CHUNK_WORDS, Math.ceilDiv(units, Long.SIZE))];
      CHUNKS.setRelease(chunks, word / CHUNK_WORDS, chunk); // pairs with the look in isEvacuated
    }
    return chunk;
  }

  /** Whether a unit is evacuated: then its new chains are whole. Any thread. */
  boolean isEvacuated(int unit) {
    int word = EvacuatedUnits.word(unit);
    long @Nullable [] chunk = (long @Nullable []) CHUNKS.getAcquire(chunks, word / CHUNK_WORDS);
    return chunk != null
        && ((long) WORDS.getAcquire(chunk, word % CHUNK_WORDS) & EvacuatedUnits.bit(unit)) != 0;
  }

  /**
   * Marks a unit evacuated. The stores to its new chains come before, and pair with the acquiring
   * look of {@link #isEvacuated}; whatever is stored later, even where the old chain referred to,
   * comes after, and pairs with the second look of {@link HmapReader}. Writer thread only.
   */
  void mark(int unit) {
    int word = EvacuatedUnits.word(unit);
    long[] chunk = chunkOf(word);
    int at = word % CHUNK_WORDS;
    WORDS.setRelease(chunk, at, chunk[at] | EvacuatedUnits.bit(unit));
    VarHandle.storeStoreFence();
  }

  /** As a directory shall have it. Writer thread only. */
  EvacuatedUnits from(int nevacuate) {
    int first = EvacuatedUnits.word(nevacuate);
    long[] words = new long[Math.ceilDiv(units, Long.SIZE) - first];
    int used = 0;
    for (int word = first; word < first + words.length; ) {
      int at = word % CHUNK_WORDS;
      int length = Math.min(CHUNK_WORDS - at, first + words.length - word);
      long @Nullable [] chunk = chunks[word / CHUNK_WORDS];
      if (chunk != null) {
        System.arraycopy(chunk, at, words, word - first, length);
        used = word - first + length;
      }
      word += length;
    }
    while (used > 0 && words[used - 1] == 0) {
      used--;
    }
    return new EvacuatedUnits(nevacuate, Arrays.copyOf(words, used));
  }
}
