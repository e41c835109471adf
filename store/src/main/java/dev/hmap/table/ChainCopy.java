package dev.hmap.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one root as they were at one moment, and the version by which to see whether they
 * still are. Filled by {@link ChainCopier}, then not changed any more.
 */
final class ChainCopy {
  private final List<EntryBytes> entries = new ArrayList<>();

  // Where the version lies; no table if one version does not tell for all entries.
  private @Nullable Table table;
  private @Nullable Memory root;
  private int rootOffset;
  private int version;

  /** Forgets what was copied. */
  void clear() {
    entries.clear();
    setTwoChains();
  }

  void add(EntryBytes entry) {
    entries.add(entry);
  }

  /** Sets the chain that all entries were copied from, and the version that it had. */
  void setChain(Table of, Memory memory, int offset, int had) {
    table = of;
    root = memory;
    rootOffset = offset;
    version = had;
  }

  /** Sets that they are of two chains, so that no single version tells of all of them. */
  void setTwoChains() {
    table = null;
    root = null;
  }

  void removeIf(Predicate<EntryBytes> isForeign) {
    entries.removeIf(isForeign);
  }

  int size() {
    return entries.size();
  }

  EntryBytes get(int i) {
    return entries.get(i);
  }

  List<EntryBytes> entries() {
    return entries;
  }

  /**
   * Whether the chain has not changed since. The memory of a table that was replaced is not looked
   * at: it may be gone.
   */
  boolean isUntouched(HmapReader reader) {
    Table t = table;
    Memory memory = root;
    return t != null
        && memory != null
        && reader.table() == t
        && reader.isUnchanged(t, memory, rootOffset, version);
  }
}
