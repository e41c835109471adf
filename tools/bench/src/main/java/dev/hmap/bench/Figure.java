package dev.hmap.bench;

import java.util.Optional;

/**
 * One thing measured once.
 *
 * @param engine of what
 * @param metric what of it; a workload's label, with more after it where a workload has several
 * @param unit of the value
 * @param value the figure
 */
record Figure(String engine, String metric, Unit unit, double value) {
  private static final String MARK = "figure";

  /** How a worker says it: engines may print lines of their own. */
  String line() {
    return String.join("\t", MARK, engine, metric, unit.name(), String.valueOf(value));
  }

  /** Reads {@link #line}; empty if it is none. */
  static Optional<Figure> parse(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != 5 || !parts[0].equals(MARK)) {
      return Optional.empty();
    }
    return Optional.of(
        new Figure(parts[1], parts[2], Unit.valueOf(parts[3]), Double.parseDouble(parts[4])));
  }
}
