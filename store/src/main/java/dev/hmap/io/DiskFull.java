package dev.hmap.io;

import java.io.IOException;

/** Tells a full disk from other failures. */
public final class DiskFull {
  private DiskFull() {}

  /**
   * Whether a call failed because there was no room on the medium, none within a quota, or none in
   * as long a file as the file system or the process may have. A force that failed for that has
   * failed all the same: what it was to write is lost.
   */
  public static boolean is(IOException failure) {
    return !(failure instanceof ForceFailedException)
        && (SystemError.NO_ROOM.isCauseOf(failure)
            || SystemError.QUOTA.isCauseOf(failure)
            || SystemError.TOO_LARGE.isCauseOf(failure));
  }

  /** Whether a call failed because nothing may be written to the medium. */
  public static boolean isReadOnly(IOException failure) {
    return SystemError.READ_ONLY.isCauseOf(failure);
  }
}
