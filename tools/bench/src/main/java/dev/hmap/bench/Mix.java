package dev.hmap.bench;

/** SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits, and a generator made of it. */
final class Mix {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Mix(long seed) {
    state = of(seed);
  }

  static long of(long x) {
    long z = x + GAMMA;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Any number from 0 to below the bound, without a division. */
  long below(long bound) {
    long next = of(state);
    state += GAMMA;
    return Math.unsignedMultiplyHigh(next, bound);
  }
}
