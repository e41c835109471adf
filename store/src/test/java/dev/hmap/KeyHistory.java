package dev.hmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What some threads did to one key of a map, and whether it could have happened one call at a time,
 * each at a moment between its beginning and its return: linearizability, checked as by Wing and
 * Gong, "Testing and verifying concurrent objects" (1993), with Lowe's memory of what was tried
 * ("Testing for linearizability", 2017). A map is linearizable if the histories of its keys are.
 *
 * <p>A thread makes its calls one after another, so how far a search is, is how many calls of each
 * thread it has placed, and the value then.
 */
final class KeyHistory {
  private static final int BITS = Short.SIZE;
  private static final int MAX_THREADS = Long.SIZE / BITS;

  /** The calls that are recorded. */
  enum Operation {
    GET,
    PUT,
    REMOVE,
    PUT_IF_ABSENT,
    REPLACE,
    REPLACE_IF_EQUAL,
    REMOVE_IF_EQUAL
  }

  /**
   * A call.
   *
   * @param first the value given, of {@code REPLACE_IF_EQUAL} and {@code REMOVE_IF_EQUAL} the
   *     expected one
   * @param second the new value of {@code REPLACE_IF_EQUAL}
   * @param result what the map returned
   * @param begun by {@link System#nanoTime}, before it was called
   * @param ended the same, after it returned
   */
  record Call(
      Operation operation,
      @Nullable Object first,
      @Nullable Object second,
      @Nullable Object result,
      long begun,
      long ended) {

    /** What it would return of a key with a value, or without one. */
    private @Nullable Object resultAt(@Nullable Object value) {
      return switch (operation) {
        case GET, PUT, REMOVE, PUT_IF_ABSENT, REPLACE -> value;
        case REPLACE_IF_EQUAL, REMOVE_IF_EQUAL -> Objects.equals(first, value);
      };
    }

    /** The value after it. */
    private @Nullable Object valueAfter(@Nullable Object value) {
      return switch (operation) {
        case GET -> value;
        case PUT -> first;
        case REMOVE -> null;
        case PUT_IF_ABSENT -> value == null ? first : value;
        case REPLACE -> value == null ? null : first;
        case REPLACE_IF_EQUAL -> Objects.equals(first, value) ? second : value;
        case REMOVE_IF_EQUAL -> Objects.equals(first, value) ? null : value;
      };
    }
  }

  private record Tried(long placed, @Nullable Object value) {}

  private final @Nullable Object valueBefore;
  private final List<List<Call>> threads = new ArrayList<>();
  private final Set<Tried> tried = new HashSet<>();

  /**
   * No calls yet.
   *
   * @param valueBefore them, null if the key was absent
   */
  KeyHistory(@Nullable Object valueBefore) {
    this.valueBefore = valueBefore;
  }

  /** Adds the calls of another thread, in their order. */
  void add(List<Call> calls) {
    if (threads.size() == MAX_THREADS || calls.size() >= 1 << BITS - 1) {
      throw new IllegalArgumentException("too many threads or calls");
    }
    threads.add(calls);
  }

  int calls() {
    return threads.stream().mapToInt(List::size).sum();
  }

  /** How many calls began before one that began before them had ended. */
  int overlaps() {
    long end = Long.MIN_VALUE;
    int overlaps = 0;
    for (Call call : inOrder()) {
      overlaps += call.begun < end ? 1 : 0;
      end = Math.max(end, call.ended);
    }
    return overlaps;
  }

  private List<Call> inOrder() {
    return threads.stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparingLong(Call::begun))
        .toList();
  }

  /** Whether there is an order of all calls that explains what they returned. */
  boolean isLinearizable() {
    tried.clear();
    return canBePlaced(0, valueBefore);
  }

  /** Whether the calls after those placed can be, from a value on. */
  private boolean canBePlaced(long placed, @Nullable Object value) {
    long firstEnd = Long.MAX_VALUE;
    boolean all = true;
    for (int t = 0; t < threads.size(); t++) {
      Call next = next(t, placed);
      if (next != null) {
        all = false;
        firstEnd = Math.min(firstEnd, next.ended);
      }
    }
    if (all) {
      return true;
    }
    if (!tried.add(new Tried(placed, value))) {
      return false;
    }
    for (int t = 0; t < threads.size(); t++) {
      Call next = next(t, placed);
      if (next != null
          && next.begun <= firstEnd // else another had ended before it began
          && Objects.equals(next.result, next.resultAt(value))
          && canBePlaced(placed + (1L << t * BITS), next.valueAfter(value))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Call next(int thread, long placed) {
    int at = (int) (placed >>> thread * BITS) & (1 << BITS) - 1;
    List<Call> calls = threads.get(thread);
    return at < calls.size() ? calls.get(at) : null;
  }

  @Override
  public String toString() {
    long start = inOrder().getFirst().begun;
    return inOrder().stream()
        .map(c ->
            "%,12d to %,12d ns: %s(%s, %s) = %s"
                .formatted(
                    c.begun - start, c.ended - start, c.operation, c.first, c.second, c.result))
        .collect(Collectors.joining("\n", "of %s before:\n".formatted(valueBefore), ""));
  }
}
