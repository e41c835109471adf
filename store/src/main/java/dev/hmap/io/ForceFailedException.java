package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A force failed. The kernel may have dropped what it was to write, and no later force writes it.
 */
public final class ForceFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private ForceFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Forces a file. */
  public static void force(StoreFile file) throws ForceFailedException {
    try {
      file.force();
    } catch (IOException e) {
      throw new ForceFailedException("a force failed: " + Causes.of(e), e);
    }
  }

  /** Forces a folder. */
  public static void forceFolder(FileSystem fileSystem, Path folder) throws ForceFailedException {
    try {
      fileSystem.forceFolder(folder);
    } catch (IOException e) {
      throw new ForceFailedException("a force of %s failed: %s".formatted(folder, Causes.of(e)), e);
    }
  }

  /** Whether a force is at the root of a failure. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ForceFailedException) {
        return true;
      }
    }
    return false;
  }
}
