package dev.hmap.table;

import java.lang.foreign.MemorySegment;

/** {@link HmapReader#get}, or a look-up with a planted bug. */
@FunctionalInterface
interface Lookup {
  boolean get(KeyBytes key, ValueCopy into);

  /** The look-up that is tested. */
  static Lookup real(Hmap map) {
    return map.reader()::get;
  }

  /** The same where keys and values are longs, and no value is 0. */
  static Lookup ofLongs(Hmap map) {
    HmapReader reader = map.reader();
    return (key, into) -> {
      Memory word = new MappedMemory(MemorySegment.ofArray(new long[1]));
      key.writeTo(word, 0);
      long found = reader.longLookUp(word.getLong(0), true, 0);
      word.putLong(0, found);
      into.take(word, 0, Long.BYTES);
      return found != 0;
    };
  }
}
