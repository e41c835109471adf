package dev.hmap.table;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** What the threads of a {@link CheckedMap} do: the first one writes, the others read. */
final class Scenarios {
  private static final Method PUT = operation("put", int.class, int.class);
  private static final Method REMOVE = operation("remove", int.class);
  private static final Method GET = operation("get", int.class);
  private static final Method COPY = operation("copy", int.class);
  private static final Method CURRENT = operation("current", int.class);

  /** For {@link CheckedEntries}. */
  static final List<ExecutionScenario> ENTRIES =
      List.of(
          // key 1's second entry takes the room of key 0's first
          scenario(List.of(put(1, 1), put(0, 1), put(1, 2)), List.of(List.of(get(0)))),
          // the map grows, and an entry of the second length takes the page of the old array
          scenario(List.of(put(2, 0), put(0, 1)), List.of(List.of(get(1)))),
          // an entry of the first length takes the room of a removed one
          scenario(List.of(remove(0), put(3, 2)), List.of(List.of(get(0), get(3)))),
          scenario(List.of(put(0, 1), put(2, 0)), List.of(List.of(get(0)), List.of(get(2)))));

  /** For {@link CheckedDoubling}. */
  static final List<ExecutionScenario> DOUBLING =
      List.of(
          // root 0 is evacuated because key 2 needs it, then root 1, whose last key is key 0
          scenario(List.of(put(2, 1)), List.of(List.of(get(0)))),
          // root 1 first
          scenario(List.of(put(3, 0), put(0, 1)), List.of(List.of(get(1), get(0)))),
          // no growth: a wide value, and the end of a chain
          scenario(List.of(put(0, 1), remove(0)), List.of(List.of(get(0), get(0)))),
          scenario(List.of(put(2, 1), remove(1)), List.of(List.of(get(0)), List.of(get(1)))));

  /** For {@link CheckedEvacuation}. */
  static final List<ExecutionScenario> EVACUATION =
      List.of(
          // key 2's entry takes the room of key 0's first, to which the old chain refers
          scenario(List.of(put(0, 1), put(2, 0)), List.of(List.of(get(0)))),
          scenario(List.of(remove(0), put(3, 0)), List.of(List.of(get(0), get(3)))),
          scenario(List.of(put(2, 0), remove(1)), List.of(List.of(get(0)), List.of(get(1)))),
          // an iterator has copied the old chain
          scenario(List.of(put(0, 1)), List.of(List.of(copy(0), current(0), current(0)))));

  /** An iterator that has copied a chain, for {@link CheckedEntries}. */
  static final List<ExecutionScenario> ITERATION =
      List.of(
          // the entry goes, is replaced in its room, moves elsewhere
          scenario(List.of(remove(0)), List.of(List.of(copy(0), current(0)))),
          scenario(List.of(put(0, 2)), List.of(List.of(copy(0), current(0)))),
          scenario(
              List.of(put(0, 1), put(1, 2)), List.of(List.of(copy(0), current(0), current(0)))),
          // the map grows and has grown
          scenario(List.of(put(2, 0), remove(1)), List.of(List.of(copy(1), current(1)))));

  private static final int MAX_WRITES = 4;
  private static final int MAX_READERS = 2;
  private static final int MAX_READS = 3;

  private Scenarios() {}

  /** Any scenario. */
  static ExecutionScenario random(long seed) {
    Random random = new Random(seed);
    List<Actor> writer = new ArrayList<>();
    for (int i = random.nextInt(MAX_WRITES); i >= 0; i--) {
      int key = random.nextInt(CheckedMap.KEYS);
      int value = random.nextInt(CheckedMap.VALUES);
      writer.add(random.nextInt(4) == 0 ? remove(key) : put(key, value));
    }
    List<List<Actor>> readers = new ArrayList<>();
    for (int r = random.nextInt(MAX_READERS); r >= 0; r--) {
      List<Actor> reader = new ArrayList<>();
      for (int i = random.nextInt(MAX_READS); i >= 0; i--) {
        reader.add(get(random.nextInt(CheckedMap.KEYS)));
      }
      readers.add(reader);
    }
    return scenario(writer, readers);
  }

  /**
   * A scenario.
   *
   * @param writer what it does
   * @param readers what each of them does
   */
  private static ExecutionScenario scenario(List<Actor> writer, List<List<Actor>> readers) {
    List<List<Actor>> threads = new ArrayList<>(readers);
    threads.addFirst(writer);
    return new ExecutionScenario(List.of(), threads, List.of(), null);
  }

  private static Actor put(int key, int value) {
    return new Actor(PUT, List.of(key, value));
  }

  private static Actor remove(int key) {
    return new Actor(REMOVE, List.of(key));
  }

  private static Actor get(int key) {
    return new Actor(GET, List.of(key));
  }

  private static Actor copy(int key) {
    return new Actor(COPY, List.of(key));
  }

  private static Actor current(int key) {
    return new Actor(CURRENT, List.of(key));
  }

  private static Method operation(String name, Class<?>... parameters) {
    try {
      return CheckedMap.class.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }
}
