package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A growth began. */
@Name("dev.hmap.GrowthBegin")
@Label("Growth Begin")
@Description("A map allocated a new bucket array; writes evacuate the old one from now on")
public final class GrowthBeginEvent extends GrowthEvent {
  /** A growth that began now. */
  public GrowthBeginEvent(String store, int oldB, int newB, long entries) {
    super(store, oldB, newB, entries);
  }
}
