package dev.hmap.cli.report;

import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a store should be compacted. While it grows, free space and a low load factor are what
 * growth brings, and do not count.
 */
final class Verdict {
  private static final long LEAST_FREE_BYTES = 1 << 20;
  private static final double MOST_FREE = 0.5;
  private static final double DOUBLES_ABOVE = 6.5;
  private static final double LEAST_LOAD = DOUBLES_ABOVE / 4; // growing alone leaves half
  private static final int SMALL_B = 6;

  private Verdict() {}

  /** Why it should be compacted, a line for each reason; empty if it is healthy. */
  static List<String> reasons(Inspection i) {
    List<String> reasons = new ArrayList<>();
    boolean grows = i.oldB() >= 0;
    if (!grows && i.freeBytes() >= LEAST_FREE_BYTES && i.freeBytes() > MOST_FREE * i.fileBytes()) {
      reasons.add(
          "%.1f %% of the file is free".formatted(Bar.percent(i.freeBytes(), i.fileBytes())));
    }
    if (!grows && i.B() > SMALL_B && i.loadFactor() < LEAST_LOAD) {
      reasons.add(
          "load factor %.2f is far below %.1f: 2^%d roots for %,d entries"
              .formatted(i.loadFactor(), DOUBLES_ABOVE, i.B(), i.count()));
    }
    Census census = i.census();
    long overflow = census.old().overflowBuckets() + census.current().overflowBuckets();
    double predicted = ChainPrediction.overflowBuckets(census);
    if (overflow > 2 * predicted + 4 * Math.sqrt(predicted) + 16) {
      reasons.add(
          "chains are longer than predicted: %,d overflow buckets, not some %,.0f"
              .formatted(overflow, predicted));
    }
    return reasons;
  }

  /** A line. */
  static String line(List<String> reasons) {
    return reasons.isEmpty() ? "healthy" : "should be compacted: " + String.join("; ", reasons);
  }
}
