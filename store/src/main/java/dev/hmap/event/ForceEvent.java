package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A force of the log; a quick one, as nearly all should be, is not an event. */
@Name("dev.hmap.Force")
@Label("Force")
@Description("The log was forced to disk, and took long")
@Threshold("10 ms")
public final class ForceEvent extends StoreEvent {
  /** The next force of a store. */
  public ForceEvent(String store) {
    super(store);
  }
}
