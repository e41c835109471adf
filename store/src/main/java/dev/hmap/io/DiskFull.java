package dev.hmap.io;

import java.io.IOException;
import java.util.Locale;

/** Tells a full disk from other failures, which Java reports by message alone. */
public final class DiskFull {
  private DiskFull() {}

  /**
   * Whether a call failed because there was no room on the medium, none within a quota, or none in
   * as long a file as the file system or the process may have. A force that failed for that has
   * failed all the same: what it was to write is lost.
   */
  public static boolean is(IOException failure) {
    String message = failure.getMessage();
    if (message == null || failure instanceof ForceFailedException) {
      return false;
    }
    String lower = message.toLowerCase(Locale.ROOT);
    return lower.contains("no space left")
        || lower.contains("quota exceeded")
        || lower.contains("file too large");
  }
}
