package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;

/** What the beginning and the end of a growth tell. */
public abstract class GrowthEvent extends StoreEvent {
  /** Go's {@code B} before the growth. */
  @Label("Old B")
  @Description("The map grows from 2^B root buckets")
  public final int oldB;

  /** Go's {@code B} after the growth. */
  @Label("New B")
  @Description("The map grows to 2^B root buckets")
  public final int newB;

  /** Whether they are the same: the growth packs the chains. */
  @Label("Same Size")
  @Description("Whether the growth is to the same size, which packs the chains")
  public final boolean sameSize;

  /** Entries at that moment. */
  @Label("Entries")
  public final long entries;

  GrowthEvent(String store, int oldB, int newB, long entries) {
    super(store);
    this.oldB = oldB;
    this.newB = newB;
    this.sameSize = oldB == newB;
    this.entries = entries;
  }
}
