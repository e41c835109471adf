package dev.hmap.crash;

import dev.hmap.format.LogPosition;
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
  private final Logged logged;

  History(Shape<?, ?> shape, List<Step> operations) {
    this(shape, operations, Map.of(), Logged.NOTHING);
  }

  /**
   * A history.
   *
   * @param offsets by the id of a store that compaction made: its operations less its log records;
   *     where entries expire, the operations that the one before held
   * @param logged when the operations took place, where entries expire
   */
  History(Shape<?, ?> shape, List<Step> operations, Map<Long, Integer> offsets, Logged logged) {
    this.shape = shape;
    this.operations = operations;
    this.offsets = new HashMap<>(offsets);
    this.logged = logged;
    sums = new long[operations.size() + 1];
    counts = new int[operations.size() + 1];
    marks = new Step[operations.size() + 1];
    Model model = new Model(shape);
    marks[0] = model.mark();
    for (int i = 0; i < operations.size(); i++) {
      model.apply(operations.get(i), time(i));
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

  Logged logged() {
    return logged;
  }

  /** What is left of it behind a crash. */
  History cut(int prefix) {
    return new History(shape, operations.subList(0, prefix), offsets, logged.cut(prefix));
  }

  /** When an operation took place; 0 if it was never logged or entries live for ever. */
  long time(int operation) {
    return operation < logged.operations().size() ? logged.operations().get(operation).millis() : 0;
  }

  /** How many operations a store holds that has replayed its log up to {@code end}. */
  int prefix(OpenedStore store, LogPosition end) {
    long id = store.header().storeIdLow();
    int offset = offsets.getOrDefault(id, 0);
    return shape.expires()
        ? offset + logged.count(id, end.sequence())
        : offset + (int) end.sequence() - 1;
  }

  /** Whether the horizon of such a store is the one that it has logged last. */
  boolean isHorizon(OpenedStore store, LogPosition end) {
    return logged.mayBeHorizon(store.header().storeIdLow(), end.sequence(), store.map().horizon());
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
