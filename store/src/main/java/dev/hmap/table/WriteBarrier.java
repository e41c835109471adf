package dev.hmap.table;

/**
 * Told before any byte of the data file's mapping changes, so that a checkpoint can copy the page
 * first. Called on the writer thread only.
 */
@FunctionalInterface
public interface WriteBarrier {
  /**
   * The bytes from {@code address} on are about to change.
   *
   * @param address a byte position in the data file
   * @param bytes how many, at least 1
   */
  void beforeWrite(long address, long bytes);

  /** Whether a page was made in memory already, so that a look at it costs no fault. */
  default boolean isMade(int page) {
    return true;
  }
}
