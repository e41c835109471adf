package dev.hmap.io;

import java.io.IOException;

/** A file that is open for writing was deleted, moved or replaced, or another process writes it. */
public final class LostLockException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the file. */
  public LostLockException(String message) {
    super(message);
  }
}
