package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** The store was made with other codecs than it is opened with; the message names both. */
public final class CodecMismatchException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public CodecMismatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public CodecMismatchException(String message) {
    super(message);
  }
}
