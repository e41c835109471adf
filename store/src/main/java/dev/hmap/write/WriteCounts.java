package dev.hmap.write;

import dev.hmap.format.Operation;

/**
 * How many writes were applied since opening, by what each {@link Operation} is; a write whose
 * condition was not met counts too. Writer thread only.
 */
final class WriteCounts {
  private long puts;
  private long conditionalPuts;
  private long removes;
  private long clears;
  private long batches;

  /** Counts the operation with which these bytes begin. */
  void count(byte[] operation) {
    int kind = Operation.kind(operation, 0);
    if (kind == Operation.PUT) {
      puts++;
    } else if (Operation.puts(kind)) {
      conditionalPuts++;
    } else if (Operation.isOfOneKey(kind)) {
      removes++;
    } else if (kind == Operation.CLEAR) {
      clears++;
    } else if (kind == Operation.BATCH) {
      batches++;
    }
  }

  WriterStats.Writes now() {
    return new WriterStats.Writes(puts, conditionalPuts, removes, clears, batches);
  }
}
