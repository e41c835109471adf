package dev.hmap.report;

/**
 * Something that is wrong with a store, or worth knowing.
 *
 * @param isDamage whether the file holds something else than was written; if not, it is a note
 * @param page of the data file, or -1 if it concerns no single page
 * @param what it is, one line
 */
public record Finding(boolean isDamage, int page, String what) {
  /** Something else is on a page, or -1, than was written. */
  public static Finding damage(int page, String what) {
    return new Finding(true, page, what);
  }

  /** Worth knowing of a page, or -1; a crash may leave it, and opening the store mends it. */
  public static Finding note(int page, String what) {
    return new Finding(false, page, what);
  }
}
