package dev.hmap.write;

import dev.hmap.format.Operation;

/**
 * How many writes were applied since opening, of each kind of {@link Operation}; a write whose
 * condition was not met counts too. Writer thread only.
 */
final class WriteCounts {
  private final long[] byKind = new long[Operation.EXPIRE + 1];

  /** Counts the operation with which these bytes begin. */
  void count(byte[] operation) {
    byKind[Operation.kind(operation, 0)]++;
  }

  WriterStats.Writes now() {
    return new WriterStats.Writes(
        byKind[Operation.PUT],
        byKind[Operation.PUT_IF_ABSENT]
            + byKind[Operation.REPLACE]
            + byKind[Operation.REPLACE_IF_EQUAL],
        byKind[Operation.REMOVE] + byKind[Operation.REMOVE_IF_EQUAL],
        byKind[Operation.CLEAR],
        byKind[Operation.BATCH]);
  }
}
