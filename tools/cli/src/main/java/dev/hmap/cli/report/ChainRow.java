package dev.hmap.cli.report;

import dev.hmap.report.Inspection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Chains of one length, or of those from one length on, beside what is predicted.
 *
 * @param label their number of buckets
 * @param chains how many there are
 * @param predicted how many there should be
 * @param all chains of any length
 */
record ChainRow(String label, long chains, double predicted, long all) {

  /** The most buckets that a chain has, at least 2, the first length with an overflow bucket. */
  static int longest(long[] lengths) {
    int longest = lengths.length - 1;
    while (longest > 2 && lengths[longest] == 0) {
      longest--;
    }
    return Math.max(longest, 2);
  }

  /** One row for each number of buckets, the last for all that are left. */
  static List<ChainRow> of(Inspection i, int rows) {
    long[] lengths = i.chainLengths();
    long all = LongStream.of(lengths).sum();
    List<ChainRow> made = new ArrayList<>();
    long chains = 0;
    double predicted = 0;
    for (int n = 1; n < rows; n++) {
      long have = n < lengths.length ? lengths[n] : 0;
      double expect = ChainPrediction.chains(i.census(), n);
      made.add(new ChainRow(String.valueOf(n), have, expect, all));
      chains += have;
      predicted += expect;
    }
    String label = rows + (longest(lengths) > rows ? "-" + longest(lengths) : "");
    made.add(new ChainRow(label, all - chains, Math.max(0, all - predicted), all));
    return made;
  }

  double percent() {
    return Bar.percent(chains, all);
  }

  double predictedPercent() {
    return all == 0 ? 0 : 100 * predicted / all;
  }
}
