package dev.hmap.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The opening of a store, with what had to be recovered. */
@Name("dev.hmap.Recovery")
@Label("Recovery")
@Description("A store was opened, and brought to the last write that its log holds")
public final class RecoveryEvent extends StoreEvent {
  /** Records of the log that were replayed. */
  @Label("Records Replayed")
  public long recordsReplayed;

  /** Whether it had been closed. */
  @Label("Was Clean")
  @Description("Whether the store had been closed")
  public boolean wasClean;

  /** Whether a checkpoint that the crash had interrupted was completed. */
  @Label("Completed Checkpoint")
  @Description("Whether a checkpoint that a crash had interrupted was completed")
  public boolean completedCheckpoint;

  /** The opening of a store. */
  public RecoveryEvent(String store) {
    super(store);
  }
}
