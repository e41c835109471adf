package dev.hmap.table;

/** An entry copied out of the map, or on its way into it. */
public final class EntryBytes {
  /** The key's bytes. */
  public final byte[] key;

  /** The value's bytes. */
  public final byte[] value;

  /** When it was written, in milliseconds since 1970, if entries expire. */
  final long stamp;

  /** An entry of these bytes, which are not copied. */
  public EntryBytes(byte[] key, byte[] value) {
    this(key, value, 0);
  }

  EntryBytes(byte[] key, byte[] value, long stamp) {
    this.key = key;
    this.value = value;
    this.stamp = stamp;
  }
}
