package dev.hmap.table;

/** A planted flaw: what a reader would not find that looks at the new array only. */
public final class NewArrayReader {
  private NewArrayReader() {}

  /** Whether a key's chain is still in the array that is being evacuated. */
  public static boolean misses(Hmap map, byte[] key) {
    Table t = map.state.table;
    return t.home((int) new KeyBytes(key).hash(t.hasher)) != t.buckets;
  }
}
