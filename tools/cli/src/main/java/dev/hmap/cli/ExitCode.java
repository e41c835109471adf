package dev.hmap.cli;

/** How a command ends. */
final class ExitCode {
  /** Done. */
  static final int DONE = 0;

  /** The key is absent. */
  static final int ABSENT = 1;

  /** Wrong usage, or input that is not what it should be. */
  static final int USAGE = 2;

  /** The store refused: locked, corrupt, of other codecs, full, or not there. */
  static final int REFUSED = 3;

  private ExitCode() {}
}
