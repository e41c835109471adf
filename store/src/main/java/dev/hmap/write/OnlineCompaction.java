package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.table.Compaction;
import dev.hmap.table.Hmap;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a map as small as its entries allow, a few chains at a time between other writes. Each
 * {@link #step} runs on the writer's thread; the results are for the one who waited for it.
 */
final class OnlineCompaction {
  private static final int CHAINS_PER_STEP = 64;

  private final FileNames names;
  private final Hmap map;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final Failure failure;
  private final Compaction compaction;
  private boolean isDone;
  private @Nullable StoreFullException full;

  OnlineCompaction(
      FileNames names, Hmap map, StoreLog log, Checkpointer checkpointer, Failure failure) {
    this.names = names;
    this.map = map;
    this.log = log;
    this.checkpointer = checkpointer;
    this.failure = failure;
    this.compaction = new Compaction(map);
  }

  /** Whether nothing is left to be done. */
  boolean isDone() {
    return isDone;
  }

  /** Why it was given up, the map being whole; else null. */
  @Nullable StoreFullException full() {
    return full;
  }

  /** A few chains. What it throws, but for want of room, fails the store. */
  void step() {
    try {
      isDone = further();
    } catch (StoreFullException e) {
      if (map.isChanging()) {
        throw e; // no refusal: a chain was left half changed
      }
      compaction.giveUp();
      full =
          new StoreFullException(
              "%s has no room for compaction: %s".formatted(names.data(), e.getMessage()), e);
    }
  }

  private boolean further() {
    try {
      log.open();
    } catch (IOException e) {
      throw failure.refuse("has no room for compaction", e).exception();
    }
    try {
      checkpointer.markWriting();
      return compaction.step(CHAINS_PER_STEP);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // whatever it was, it is not tried again
    }
  }
}
