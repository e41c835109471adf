package dev.hmap.table;

/** {@link HmapReader#get}, or a look-up with a planted bug. */
@FunctionalInterface
interface Lookup {
  boolean get(KeyBytes key, ValueCopy into);

  /** The look-up that is tested. */
  static Lookup real(Hmap map) {
    return map.reader()::get;
  }
}
