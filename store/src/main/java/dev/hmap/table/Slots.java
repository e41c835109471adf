package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.Geometry;

/**
 * What is in a slot of a bucket: key and value, each in the bucket itself or in the entry that the
 * slot refers to. For the writer, or for whoever looks at a map that nobody changes: nothing here
 * may move meanwhile, and a reference that leads to no entry is damage. Stateless.
 */
final class Slots {
  private final Geometry geometry;
  private final BucketLayout layout;
  private final Space space;
  private final EntryStore entries;

  Slots(Geometry geometry, BucketLayout layout, Space space, EntryStore entries) {
    this.geometry = geometry;
    this.layout = layout;
    this.space = space;
    this.entries = entries;
  }

  /** Whether a key is the one in a slot whose tophash is its own. */
  boolean keyMatches(KeyBytes wanted, Cursor c, int i, long hash) {
    if (layout.keysInline()) {
      return wanted.matches(c.memory, c.offset + layout.key(i));
    }
    long reference = c.memory.getLong(c.offset + layout.key(i));
    if (!EntryLayout.mayMatch(reference, hash)) {
      return false;
    }
    long address = entryAddress(c, i);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return Entry.keyLength(memory, offset) == wanted.length()
        && wanted.matches(memory, Entry.keyAt(offset));
  }

  /** A slot's value, with its stamp. */
  ValueCopy copyValue(Cursor c, int i) {
    ValueCopy copy = new ValueCopy();
    if (layout.valuesInline()) {
      copy.take(c.memory, c.offset + layout.value(i), geometry.valueWidth());
    } else {
      long address = entryAddress(c, i);
      Memory memory = space.memoryAt(address);
      long offset = Space.offset(address);
      copy.take(memory, Entry.valueAt(memory, offset), Entry.valueLength(memory, offset));
    }
    return copy;
  }

  /** Whether a slot's value, without its stamp, is the expected one. */
  boolean valueMatches(Cursor c, int i, byte[] v, int expected, int length) {
    int stamp = geometry.stampBytes();
    if (layout.valuesInline()) {
      return length == geometry.valueWidth() - stamp
          && c.memory.matches(c.offset + layout.value(i) + stamp, v, expected, length);
    }
    long address = entryAddress(c, i);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return length == Entry.valueLength(memory, offset) - stamp
        && memory.matches(Entry.valueAt(memory, offset) + stamp, v, expected, length);
  }

  /**
   * Whether a slot in use holds what is to be taken for absent.
   *
   * @param time at which that is asked, in milliseconds since 1970
   */
  boolean isExpired(Cursor c, int i, long time) {
    return geometry.expires() && geometry.isExpired(stamp(c, i), time);
  }

  /** When a slot's value was put, in a map whose entries expire: milliseconds since 1970. */
  long stamp(Cursor c, int i) {
    if (layout.valuesInline()) {
      return c.memory.getLong(c.offset + layout.value(i));
    }
    long address = entryAddress(c, i);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    if (Entry.valueLength(memory, offset) < geometry.stampBytes()) {
      throw new StoreCorruptException(
          "the entry at address %,d is too short for a stamp".formatted(address));
    }
    return memory.getLong(Entry.valueAt(memory, offset));
  }

  /** Where a slot's entry lies, which is checked to be one. */
  long entryAddress(Cursor c, int i) {
    long address = EntryLayout.address(c.memory.getLong(c.offset + layout.reference(i)));
    entries.check(address);
    return address;
  }
}
