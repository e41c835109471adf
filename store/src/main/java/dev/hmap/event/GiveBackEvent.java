package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Private pages were given back to the kernel. */
@Name("dev.hmap.GiveBack")
@Label("Give Back")
@Description("Private copies of pages that equal the data file were given back to the kernel")
public final class GiveBackEvent extends StoreEvent {
  /** Pages given back. */
  @Label("Pages")
  @Description("Pages given back")
  public int pages;

  /** The next giving back of a store. */
  public GiveBackEvent(String store) {
    super(store);
  }
}
