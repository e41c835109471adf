package dev.hmap.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A checkpoint, from the moment whose state it holds until its outcome is known. */
@Name("dev.hmap.Checkpoint")
@Label("Checkpoint")
@Description("Brought the data file up to date, a little after each batch of writes")
public final class CheckpointEvent extends StoreEvent {
  /** Of the header with which it ends. */
  @Label("Generation")
  @Description("Generation of the header with which the checkpoint ends")
  public long generation;

  /** Pages written. */
  @Label("Pages")
  @Description("Pages written")
  public int pages;

  /** How many of them were written as images to the log file first. */
  @Label("Images")
  @Description("How many of the pages were written as images to the log file first")
  public int images;

  /** Bytes of both. */
  @Label("Bytes")
  @Description("Bytes of the pages and of their images")
  @DataAmount
  public long bytes;

  /** How it ended. */
  @Label("Outcome")
  @Description("DONE, FULL (no room; tried again later), LEFT_COMMITTED (to recovery) or FAILED")
  public String outcome = "";

  /** The next checkpoint of a store. */
  public CheckpointEvent(String store) {
    super(store);
  }
}
