package dev.hmap.table;

import dev.hmap.format.EntryLayout;

/** An entry in memory, by where it begins. What is read is not checked. Stateless. */
final class Entry {
  private Entry() {}

  /** The length of the key, 0 if it is in the bucket. */
  static int keyLength(Memory memory, long entry) {
    return memory.getInt(entry + EntryLayout.KEY_LENGTH) & 0xFFFF;
  }

  /** The length of the value, with its stamp, 0 if it is in the bucket. */
  static int valueLength(Memory memory, long entry) {
    return memory.getInt(entry + EntryLayout.VALUE_LENGTH);
  }

  /** Where the key begins. */
  static long keyAt(long entry) {
    return entry + EntryLayout.HEADER_BYTES;
  }

  /** Where the value begins. */
  static long valueAt(Memory memory, long entry) {
    return keyAt(entry) + keyLength(memory, entry);
  }

  /** Bytes of the entry, with its header. */
  static int bytes(Memory memory, long entry) {
    return bytes(keyLength(memory, entry), valueLength(memory, entry));
  }

  /** Bytes of an entry with parts of these lengths. */
  static int bytes(int keyLength, int valueLength) {
    return EntryLayout.HEADER_BYTES + keyLength + valueLength;
  }
}
