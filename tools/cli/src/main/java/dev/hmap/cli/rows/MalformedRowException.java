package dev.hmap.cli.rows;

/** A row of a file is not what it should be; its line stands in the message. */
public final class MalformedRowException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedRowException(long line, String what) {
    super("line %d%s".formatted(line, what));
  }
}
