package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one root as they were at one moment, and the version by which to see whether they
 * still are. Filled by {@link ChainCopier}, then not changed any more.
 */
final class ChainCopy {
  private static final EntryBytes[] NONE = {};

  private EntryBytes[] entries = NONE;
  private int size;

  // Where the version lies; no table if one version does not tell for all entries.
  private @Nullable Table table;
  private @Nullable BucketArray array;
  private int bucket;
  private @Nullable Memory root;
  private int rootOffset;
  private int version;

  /** Forgets what was copied. */
  void clear() {
    size = 0;
    setTwoChains();
  }

  void add(EntryBytes entry) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(BucketLayout.SLOTS, 2 * size));
    }
    entries[size++] = entry;
  }

  /** Sets the chain that all entries were copied from, and the version that it had. */
  void setChain(Table of, BucketArray in, int number, Memory memory, int offset, int had) {
    table = of;
    array = in;
    bucket = number;
    root = memory;
    rootOffset = offset;
    version = had;
  }

  /** Sets that they are of two chains, so that no single version tells of all of them. */
  void setTwoChains() {
    table = null;
    array = null;
    root = null;
  }

  void removeIf(Predicate<EntryBytes> isForeign) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!isForeign.test(entries[i])) {
        entries[kept++] = entries[i];
      }
    }
    size = kept;
  }

  int size() {
    return size;
  }

  EntryBytes get(int i) {
    return entries[i];
  }

  /**
   * Whether the chain has not changed since. The memory of a table that was replaced is not looked
   * at: it may be gone.
   */
  boolean isUntouched(HmapReader reader) {
    Table t = table;
    BucketArray in = array;
    Memory memory = root;
    return t != null
        && in != null
        && memory != null
        && reader.table() == t
        && reader.isUnchanged(t, in, bucket, memory, rootOffset, version);
  }
}
