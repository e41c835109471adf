package dev.hmap.table;

/** An entry copied out of the map, or on its way into it. */
public final class EntryBytes {
  /** The key's bytes. */
  public final byte[] key;

  /** The value's bytes. */
  public final byte[] value;

  /** An entry of these bytes, which are not copied. */
  public EntryBytes(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }
}
