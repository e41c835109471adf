package dev.hmap.cli.report;

import dev.hmap.report.Census;
import java.util.List;

/**
 * How long chains are when keys fall on roots at random: the entries of one root are binomially
 * distributed, which for many roots is Poisson's distribution with the load factor as its mean, and
 * a chain of n buckets has 8 (n-1) + 1 to 8 n of them. At 6.5 entries for each root this gives 20.8
 * % with an overflow bucket; the table above {@code loadFactorNum} in Go's {@code runtime/map.go},
 * which was measured, has 20.90.
 *
 * <p>While the map grows, what is left of the old array and what counts of the current one are two
 * maps of different load factors: each is predicted by itself, and the predictions are added up.
 */
public final class ChainPrediction {
  private static final int SLOTS = 8;

  private ChainPrediction() {}

  /**
   * The share of chains with a number of buckets.
   *
   * @param loadFactor mean entries for each root
   * @param buckets 1 or more
   */
  public static double share(double loadFactor, int buckets) {
    double sum = 0;
    for (int n = buckets == 1 ? 0 : SLOTS * (buckets - 1) + 1; n <= SLOTS * buckets; n++) {
      sum += poisson(loadFactor, n);
    }
    return sum;
  }

  private static double poisson(double mean, int n) {
    if (mean == 0) {
      return n == 0 ? 1 : 0;
    }
    double log = n * Math.log(mean) - mean;
    for (int i = 2; i <= n; i++) {
      log -= Math.log(i);
    }
    return Math.exp(log);
  }

  /** How many chains of a store should have a number of buckets. */
  public static double chains(Census census, int buckets) {
    double sum = 0;
    for (Census.Chains half : List.of(census.old(), census.current())) {
      if (half.chains() > 0) {
        sum += half.chains() * share(loadFactor(half), buckets);
      }
    }
    return sum;
  }

  /** How many overflow buckets a store should have in its chains. */
  static double overflowBuckets(Census census) {
    double sum = 0;
    double chains = 1;
    for (int n = 2; chains > 1e-3 || n < 4; n++) {
      chains = chains(census, n);
      sum += (n - 1) * chains;
    }
    return sum;
  }

  /** Entries for each chain that was counted. */
  static double loadFactor(Census.Chains half) {
    return half.chains() == 0 ? 0 : (double) half.entries() / half.chains();
  }

  /** What the prediction is of, in words. */
  static String basis(Census census) {
    String each = "%.2f entries for each of %,d roots";
    String current = each.formatted(loadFactor(census.current()), census.current().chains());
    if (census.old().chains() == 0) {
      return current;
    }
    String old =
        each.formatted(loadFactor(census.old()), census.old().chains()) + " of the old array";
    return census.current().chains() == 0 ? old : old + " and " + current + " of the new";
  }
}
