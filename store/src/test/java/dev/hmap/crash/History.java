package dev.hmap.crash;

import java.util.List;

/** The operations that a store was given, and what it holds after each. */
final class History {
  final Shape<?, ?> shape;
  final List<Step> operations;
  private final long[] sums;
  private final int[] counts;

  History(Shape<?, ?> shape, List<Step> operations) {
    this.shape = shape;
    this.operations = operations;
    sums = new long[operations.size() + 1];
    counts = new int[operations.size() + 1];
    Model model = new Model(shape);
    for (int i = 0; i < operations.size(); i++) {
      model.apply(operations.get(i));
      sums[i + 1] = model.sum();
      counts[i + 1] = model.count();
    }
  }

  int size() {
    return operations.size();
  }

  long sum(int prefix) {
    return sums[prefix];
  }

  int count(int prefix) {
    return counts[prefix];
  }
}
