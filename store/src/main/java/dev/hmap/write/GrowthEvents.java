package dev.hmap.write;

import dev.hmap.event.Events;
import dev.hmap.event.GrowthBeginEvent;
import dev.hmap.event.GrowthEndEvent;
import dev.hmap.table.GrowthListener;

/** Turns the growths of a store's map into events. */
record GrowthEvents(String store) implements GrowthListener {
  @Override
  public void began(int oldB, int newB, long entries) {
    if (Events.areOn()) {
      new GrowthBeginEvent(store, oldB, newB, entries).commit();
    }
  }

  @Override
  public void ended(int oldB, int newB, long entries) {
    if (Events.areOn()) {
      new GrowthEndEvent(store, oldB, newB, entries).commit();
    }
  }
}
