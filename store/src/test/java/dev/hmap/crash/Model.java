package dev.hmap.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the map must hold: the oracle, on a {@link HashMap}. */
final class Model {
  /**
   * A value.
   *
   * @param tag of it
   * @param length of it
   * @param hash of the entry
   */
  record Value(long tag, int length, long hash) {}

  private final Shape<?, ?> shape;
  private final Map<Integer, Value> entries = new HashMap<>();
  private long sum;
  private Step mark = Step.of(Step.Kind.BATCH);

  Model(Shape<?, ?> shape) {
    this.shape = shape;
  }

  /** The model after a prefix of a list of operations. */
  static Model after(Shape<?, ?> shape, List<Step> operations, int prefix) {
    Model model = new Model(shape);
    for (Step step : operations.subList(0, prefix)) {
      model.apply(step);
    }
    return model;
  }

  Map<Integer, Value> entries() {
    return entries;
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

  void apply(Step step) {
    Value now = entries.get(step.key());
    switch (step.kind()) {
      case PUT -> put(step);
      case PUT_IF_ABSENT -> {
        if (now == null) {
          put(step);
        }
      }
      case REPLACE -> {
        if (now != null) {
          put(step);
        }
      }
      case REPLACE_IF_EQUAL -> {
        if (isExpected(now, step)) {
          put(step);
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
        step.parts().forEach(this::apply);
        mark = step;
      }
      case SYNC, CHECKPOINT, CHECKPOINT_BESIDE, COMPACT_BESIDE, REOPEN, COMPACT, BACKUP -> {}
    }
  }

  private boolean isExpected(Value now, Step step) {
    return now != null
        && shape
            .value(now.tag(), now.length())
            .equals(shape.value(step.expected().tag(), step.expected().length()));
  }

  private void put(Step step) {
    Value value =
        new Value(step.tag(), step.length(), shape.hash(step.key(), step.tag(), step.length()));
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
