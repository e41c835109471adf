package dev.hmap.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/**
 * What all events have. The stack is left out: it is always the one of the same few threads.
 *
 * <p>To be made where {@link Events} says so. An event is begun and committed by one thread.
 */
@Category("hmap")
@StackTrace(false)
public abstract class StoreEvent extends Event {
  /** Path of the data file. */
  @Label("Store")
  @Description("Path of the data file")
  public final String store;

  StoreEvent(String store) {
    this.store = store;
  }
}
