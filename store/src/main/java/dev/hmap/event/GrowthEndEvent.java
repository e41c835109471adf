package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A growth ended. */
@Name("dev.hmap.GrowthEnd")
@Label("Growth End")
@Description("The last chain of a map's old bucket array was evacuated, or the map was cleared")
public final class GrowthEndEvent extends GrowthEvent {
  /** A growth that ended now. */
  public GrowthEndEvent(String store, int oldB, int newB, long entries) {
    super(store, oldB, newB, entries);
  }
}
