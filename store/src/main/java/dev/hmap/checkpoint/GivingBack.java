package dev.hmap.checkpoint;

import dev.hmap.event.Events;
import dev.hmap.event.GiveBackEvent;
import dev.hmap.io.NativeMemory;
import dev.hmap.table.Space;
import org.jspecify.annotations.Nullable;

/**
 * Gives private pages that equal the file back to the system, a few at a time, so that no write
 * waits for all of them. Writer thread only.
 */
public final class GivingBack {
  private final String name;
  private final Space space;
  private final DirtyPages dirty;

  /** Where it goes on; -1 if it is done. */
  private int at = -1;

  private @Nullable GiveBackEvent event;

  /**
   * Of the pages of a store.
   *
   * @param name of the store, for events
   */
  public GivingBack(String name, Space space, DirtyPages dirty) {
    this.name = name;
    this.space = space;
    this.dirty = dirty;
  }

  /** Begins, or begins again. */
  public void begin() {
    if (at < 0) { // else it is one event
      event = Events.begin(GiveBackEvent::new, name);
    }
    at = 0;
  }

  /** Whether some are still to be given back. */
  public boolean isUnderWay() {
    return at >= 0;
  }

  /**
   * Gives some back. Not while a checkpoint is under way: what it has copied is not in the file
   * yet.
   *
   * @param pages how many at most
   */
  public void step(int pages) {
    if (at < 0) {
      return;
    }
    int before = dirty.privateCount();
    at = dirty.giveBackClean(at, pages, this::giveBack);
    GiveBackEvent told = event;
    if (told != null) {
      told.pages += before - dirty.privateCount();
      if (at < 0 && told.pages > 0) {
        told.commit();
      }
    }
  }

  /** Ends it; the event has what was given back until now. */
  public void giveUp() {
    GiveBackEvent told = event;
    if (at >= 0 && told != null && told.pages > 0) {
      told.commit();
    }
    at = -1;
  }

  private boolean giveBack(int from, int to) {
    int page = from;
    while (page < to) {
      int end = Math.min(to, space.runEnd(page));
      if (!NativeMemory.giveBack(space.segment(page, end - page))) {
        return false;
      }
      page = end;
    }
    return true;
  }
}
