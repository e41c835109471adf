package dev.hmap.crash;

import java.util.HashMap;
import java.util.Map;

/** What the map must hold: the oracle, on a {@link HashMap}. */
final class Model {
  /**
   * A value.
   *
   * @param tag of it
   * @param length of it
   * @param hash of the entry
   * @param stamp when it was put
   */
  record Value(long tag, int length, long hash, long stamp) {}

  private final Shape<?, ?> shape;
  private final Map<Integer, Value> entries = new HashMap<>();
  private long sum;
  private Step mark = Step.of(Step.Kind.BATCH);

  Model(Shape<?, ?> shape) {
    this.shape = shape;
  }

  /** The model after a prefix of a history. */
  static Model after(History history, int prefix) {
    Model model = new Model(history.shape);
    for (int i = 0; i < prefix; i++) {
      model.apply(history.operations.get(i), history.time(i));
    }
    return model;
  }

  Map<Integer, Value> entries() {
    return entries;
  }

  /** The value of a key at a time, or null. */
  Value get(int key, long time) {
    Value found = entries.get(key);
    return found == null || isExpired(found, time) ? null : found;
  }

  private boolean isExpired(Value value, long time) {
    return shape.expires() && value.stamp() <= time - shape.lifeMillis;
  }

  /** Removes what has expired at a time. */
  void expire(long time) {
    entries
        .keySet()
        .removeIf(key -> {
          boolean isExpired = isExpired(entries.get(key), time);
          sum -= isExpired ? entries.get(key).hash() : 0;
          return isExpired;
        });
  }

  /** The sum of the entries' hashes. */
  long sum() {
    return sum;
  }

  /** The batch that set the mark. */
  Step mark() {
    return mark;
  }

  int count() {
    return entries.size();
  }

  /** Applies an operation of a store whose entries live for ever. */
  void apply(Step step) {
    apply(step, 0);
  }

  /** Applies an operation that takes place at a time. */
  void apply(Step step, long time) {
    Value now = get(step.key(), time);
    switch (step.kind()) {
      case PUT -> put(step, time);
      case PUT_IF_ABSENT -> {
        if (now == null) {
          put(step, time);
        }
      }
      case REPLACE -> {
        if (now != null) {
          put(step, time);
        }
      }
      case REPLACE_IF_EQUAL -> {
        if (isExpected(now, step)) {
          put(step, time);
        }
      }
      case REMOVE -> remove(step.key());
      case REMOVE_IF_EQUAL -> {
        if (isExpected(now, step)) {
          remove(step.key());
        }
      }
      case CLEAR -> {
        entries.clear();
        sum = 0;
      }
      case BATCH -> {
        step.parts().forEach(part -> apply(part, time));
        mark = step;
      }
      case SYNC,
          CHECKPOINT,
          CHECKPOINT_BESIDE,
          COMPACT_BESIDE,
          REOPEN,
          COMPACT,
          BACKUP,
          READ,
          REFRESH,
          LEAVE,
          LEAVE_CLOSED,
          READ_CLOSING,
          READ_COMPACTING,
          PASS,
          JUMP -> {}
    }
  }

  /** What an operation returns that takes place at a time, before it is applied. */
  Object result(Step step, long time) {
    Value now = get(step.key(), time);
    return switch (step.kind()) {
      case REPLACE_IF_EQUAL, REMOVE_IF_EQUAL -> isExpected(now, step);
      case CLEAR, BATCH -> null;
      default -> now == null ? null : shape.value(now.tag(), now.length());
    };
  }

  private boolean isExpected(Value now, Step step) {
    return now != null
        && shape
            .value(now.tag(), now.length())
            .equals(shape.value(step.expected().tag(), step.expected().length()));
  }

  private void put(Step step, long time) {
    long hash = shape.hash(step.key(), step.tag(), step.length());
    Value value = new Value(step.tag(), step.length(), hash, time);
    Value before = entries.put(step.key(), value);
    sum += value.hash() - (before == null ? 0 : before.hash());
  }

  private void remove(int key) {
    Value before = entries.remove(key);
    if (before != null) {
      sum -= before.hash();
    }
  }
}
