package dev.hmap.store;

import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.OpenedStore;

/**
 * An open store, in bytes. Any thread.
 *
 * <p>Closing it has two steps, for what else belongs to it to be taken away between them: after
 * {@link #endCalls} every call throws, and {@link #close} gives the files and the lock back.
 */
public abstract sealed class Store implements AutoCloseable permits WritableStore, FollowedStore {
  private final StoreReader reader;

  Store(StoreReader reader) {
    this.reader = reader;
  }

  /** Prepares what recovery has opened. */
  static void prepare(OpenedStore opened, Environment environment) {
    opened.map().setTime(environment.time());
    opened.space().setLimits(environment.limits());
  }

  /** Reads it. */
  public final StoreReader reader() {
    return reader;
  }

  /** Its files' names. */
  public final FileNames names() {
    return opened().names();
  }

  /** Where its files are. */
  public final FileSystem fileSystem() {
    return opened().fileSystem();
  }

  /** How its entries are laid out. */
  public final Geometry geometry() {
    return reader.geometry();
  }

  /** As recovery opened it last. */
  final OpenedStore opened() {
    return reader.opened();
  }

  /**
   * How it stands.
   *
   * @throws dev.hmap.error.StoreClosedException if it is closed
   */
  public abstract StoreStats stats();

  /** Checks that no call has closed it. */
  public final void checkOpen() {
    reader.checkOpen();
  }

  /** Has every further call throw. */
  public final void endCalls() {
    reader.close();
  }

  /**
   * Closes it, after {@link #endCalls} if that was not called. Idempotent; a call that is cut off
   * may be repeated.
   */
  @Override
  public abstract void close();
}
