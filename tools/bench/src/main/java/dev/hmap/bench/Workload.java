package dev.hmap.bench;

import java.util.Arrays;
import java.util.Locale;

/** What can be asked for by name. A table's workloads are done in this order, on the same map. */
enum Workload {
  /** From an empty map to a full one, 1,000 entries at a time; warmed up with another map. */
  INSERT(Stage.TABLE),
  /** From an empty map to a full one, an entry at a time, not waiting for it where one need not. */
  INSERT_ASYNC(Stage.TABLE),
  /** A value of a random key that is there. */
  GET_HIT(Stage.TABLE),
  /** The same without boxes, and what it allocates: hmap alone, longs alone. */
  GET_PRIMITIVE(Stage.TABLE),
  /** A random key that is not there. */
  GET_MISS(Stage.TABLE),
  /** Values of random keys that are there, up to 64 asked for at once, or one after another. */
  GET_ALL(Stage.TABLE),
  /** Values of random keys that are there, on 1 thread and more. */
  READERS(Stage.TABLE),
  /** The Java heap after a collection, private memory outside it, and all memory that is used. */
  MEMORY(Stage.TABLE),
  /** All entries, decoded. */
  ITERATE(Stage.TABLE),
  /** From a closed file to the first value. */
  OPEN(Stage.TABLE),
  /** What the closed files take of the disk. */
  SIZE(Stage.TABLE),
  /** Another value for a random key that is there. */
  UPDATE(Stage.TABLE),
  /** 95 gets and 5 updates of 100, on 1 thread and more. */
  MIXED_95_5(Stage.TABLE),
  /** 50 gets and 50 updates of 100. */
  MIXED_50_50(Stage.TABLE),
  /**
   * 1,000 entries at a time: how long the batches took, the log, the closing; see {@link
   * BulkStage}.
   */
  BULK(Stage.BULK),
  /** Puts of random keys from few callers and many, each waiting until its put is durable. */
  DURABLE(Stage.DURABLE),
  /** Puts at a fixed rate; see {@link GrowthStage}. */
  GROWTH(Stage.GROWTH),
  /** Gets beside puts and checkpoints; see {@link ReadLatencyStage}. */
  READ_LATENCY(Stage.READ_LATENCY),
  /** As many records in the log as there are entries. */
  RECOVERY(Stage.RECOVERY),
  /** Random reads of memory, over as many bytes as the entries have. */
  MEMORY_READS(Stage.LIMITS),
  /** Appending the bytes of as many entries to a file, and forcing it. */
  FORCES(Stage.LIMITS),
  /** Handing something to one thread and waiting until it has taken it: no map, no disk. */
  HAND_OVER(Stage.LIMITS);

  final Stage stage;

  Workload(Stage stage) {
    this.stage = stage;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Workload named(String label) {
    return Arrays.stream(values())
        .filter(w -> w.label().equals(label))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no workload '%s'".formatted(label)));
  }
}
