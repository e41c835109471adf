package dev.hmap.format;

import java.nio.file.Path;

/**
 * The names of a store's files, all in one folder: {@code orders.hmap} is the data file; while the
 * store is open or after an unclean stop, its log stands beside it. What is being made stands in a
 * {@linkplain #workshop workshop} until it is whole.
 *
 * @param data the data file itself, which is what a user names or links to
 */
public record FileNames(Path data) {
  /** What file systems take, less the longest that is added here. */
  public static final int MAX_NAME_BYTES = 255 - "-failed-0123456789abcdef".length();

  /** The log. */
  public Path log() {
    return sibling("-log");
  }

  /**
   * A folder in which files are made that shall stand beside the data file, or replace it.
   *
   * @param number from 1: another if that name is taken
   */
  public Path workshop(int number) {
    return sibling(number == 1 ? "-new" : "-new-" + number);
  }

  /**
   * Marks that a force failed, and what was not forced then may be in memory only.
   *
   * @param storeId the low half of the store's
   */
  public Path failed(long storeId) {
    return sibling("-failed-%016x".formatted(storeId));
  }

  /** The folder that holds them. */
  public Path folder() {
    Path parent = data.toAbsolutePath().getParent();
    return parent == null ? data.toAbsolutePath() : parent;
  }

  /** What a store goes by outside of hmap: the absolute path of its data file. */
  public String absolute() {
    return data.toAbsolutePath().toString();
  }

  private Path sibling(String suffix) {
    return data.resolveSibling(data.getFileName() + suffix);
  }
}
