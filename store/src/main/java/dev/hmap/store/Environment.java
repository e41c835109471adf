package dev.hmap.store;

import dev.hmap.io.FileSystem;
import dev.hmap.table.Limits;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a store is opened in.
 *
 * @param fileSystem its files are on
 * @param time the clock that entries expire by
 * @param nanos like {@link System#nanoTime}: a clock that nobody sets
 * @param limits of a data file
 */
public record Environment(
    FileSystem fileSystem, InstantSource time, LongSupplier nanos, Limits limits) {
  /** The machine's. */
  public static final Environment REAL =
      new Environment(FileSystem.REAL, InstantSource.system(), System::nanoTime, Limits.FORMAT);

  /** The same on another file system. */
  public Environment with(FileSystem other) {
    return new Environment(other, time, nanos, limits);
  }

  /** The same under another clock, which nobody sets. */
  public Environment with(InstantSource other) {
    return with(other, () -> TimeUnit.MILLISECONDS.toNanos(other.millis()));
  }

  /** The same under another clock, and one beside it that nobody sets. */
  public Environment with(InstantSource other, LongSupplier otherNanos) {
    return new Environment(fileSystem, other, otherNanos, limits);
  }

  /** The same with other limits. */
  public Environment with(Limits other) {
    return new Environment(fileSystem, time, nanos, other);
  }
}
