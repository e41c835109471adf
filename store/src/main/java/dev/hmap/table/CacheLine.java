package dev.hmap.table;

/** A line of the processor's caches, which is fetched whole when one of its words is loaded. */
final class CacheLine {
  static final int BYTES = 64;

  private static final long UNLIKELY = 0x5DEE_CE66_D1CE_4E5BL;

  private CacheLine() {}

  /** Uses a word that was loaded only to fetch its line; the load would be left out else. */
  static void use(long word) {
    if (word == UNLIKELY) {
      Thread.onSpinWait();
    }
  }
}
