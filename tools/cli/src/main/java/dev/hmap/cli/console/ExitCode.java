package dev.hmap.cli.console;

/** How a command ends. */
public final class ExitCode {
  /** Done. */
  public static final int DONE = 0;

  /** The key is absent. */
  public static final int ABSENT = 1;

  /** Wrong usage, or input that is not what it should be. */
  public static final int USAGE = 2;

  /** The store refused: locked, corrupt, of other codecs, full, or not there. */
  public static final int REFUSED = 3;

  private ExitCode() {}
}
