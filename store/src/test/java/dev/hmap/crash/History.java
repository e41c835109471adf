package dev.hmap.crash;

import dev.hmap.recovery.OpenedStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operations that a store was given, and what it holds after each. */
final class History {
  final Shape<?, ?> shape;
  final List<Step> operations;
  private final long[] sums;
  private final int[] counts;
  private final Step[] marks;
  private final Map<Long, Integer> offsets;

  History(Shape<?, ?> shape, List<Step> operations) {
    this(shape, operations, Map.of());
  }

  /**
   * A history.
   *
   * @param offsets by the id of a store that compaction made: its operations less its log records
   */
  History(Shape<?, ?> shape, List<Step> operations, Map<Long, Integer> offsets) {
    this.shape = shape;
    this.operations = operations;
    this.offsets = new HashMap<>(offsets);
    sums = new long[operations.size() + 1];
    counts = new int[operations.size() + 1];
    marks = new Step[operations.size() + 1];
    Model model = new Model(shape);
    marks[0] = model.mark();
    for (int i = 0; i < operations.size(); i++) {
      model.apply(operations.get(i));
      sums[i + 1] = model.sum();
      counts[i + 1] = model.count();
      marks[i + 1] = model.mark();
    }
  }

  int size() {
    return operations.size();
  }

  Map<Long, Integer> offsets() {
    return offsets;
  }

  /** How many operations a store holds. */
  int prefix(OpenedStore store) {
    return (int) store.end().sequence() - 1 + offsets.getOrDefault(store.header().storeIdLow(), 0);
  }

  byte[] mark(int prefix) {
    return Shape.mark(marks[prefix].tag(), marks[prefix].length());
  }

  long sum(int prefix) {
    return sums[prefix];
  }

  int count(int prefix) {
    return counts[prefix];
  }
}
