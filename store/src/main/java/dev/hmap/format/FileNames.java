package dev.hmap.format;

import java.nio.file.Path;

/**
 * The names of a store's files, all in one folder: {@code orders.hmap} is the data file; while the
 * store is open or after an unclean stop, its log and its lock stand beside it. Names that end in
 * {@code -new} are files being made, which a crash may leave behind and the next open removes.
 *
 * @param data the data file, which is what a user names
 */
public record FileNames(Path data) {
  /** The log. */
  public Path log() {
    return sibling("-log");
  }

  /** The lock. */
  public Path lock() {
    return sibling("-lock");
  }

  /** The data file while it is being created or rewritten. */
  public Path fresh() {
    return sibling("-new");
  }

  /** Says that a force failed, and what was not forced then may be in memory only. Empty. */
  public Path failed() {
    return sibling("-failed");
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
