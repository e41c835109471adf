package dev.hmap.recovery;

/**
 * Something that {@link Verifier} found.
 *
 * @param severity how bad it is
 * @param page of the data file, or -1 if it concerns no single page
 * @param what it is, one line
 */
public record Flaw(Severity severity, int page, String what) {
  /** How bad a finding is. */
  public enum Severity {
    /** Worth knowing; a crash may leave it, and opening the store mends it. */
    NOTE,
    /** What the file holds is not what was written. */
    DAMAGE
  }
}
