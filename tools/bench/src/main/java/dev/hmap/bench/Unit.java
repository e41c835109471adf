package dev.hmap.bench;

/** Of a {@link Figure}. */
enum Unit {
  /** Nanoseconds for each operation or entry. */
  NS("ns"),
  /** Microseconds of one operation. */
  MICROS("µs"),
  /** Milliseconds of something that is done once. */
  MS("ms"),
  /** Operations per second. */
  PER_SECOND("/s"),
  /** Bytes. */
  BYTES("MB"),
  /** A number. */
  COUNT("");

  final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** How many times better one figure is than another. */
  double advantage(double of, double over) {
    return this == PER_SECOND ? of / over : over / of;
  }

  /** Three digits, or all before the point. */
  String format(double value) {
    double shown = this == BYTES ? value / 1e6 : value;
    int decimals = shown >= 100 ? 0 : shown >= 10 ? 1 : 2;
    return ("%,." + decimals + "f").formatted(shown);
  }
}
