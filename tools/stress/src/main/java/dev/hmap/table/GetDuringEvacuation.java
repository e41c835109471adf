package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The map doubles, and the chain of a key, with its overflow bucket, is evacuated: the key is never
 * missed.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringEvacuation {
  private static final int B = 2;
  private static final int FULL = 26;
  private static final byte[][] CHAIN = SmallMap.keys(Long.BYTES, B, 2, 12);
  private static final byte[] KEY = CHAIN[11];
  private static final byte[][] ZEROS = SmallMap.keys(Long.BYTES, B, 0, 6);
  private static final byte[][] ONES = SmallMap.keys(Long.BYTES, B, 1, 5);
  private static final byte[][] THREES = SmallMap.keys(Long.BYTES, B, 3, 4);

  private final SmallMap map;
  private final Lookup lookup;
  private final byte[][] values;

  /** The state: as full as it may be without growing. */
  public GetDuringEvacuation() {
    this(Lookup::real);
  }

  GetDuringEvacuation(Function<Hmap, Lookup> reader) {
    this(reader, 24);
  }

  private GetDuringEvacuation(Function<Hmap, Lookup> reader, int valueWidth) {
    map = new SmallMap(Long.BYTES, valueWidth, FULL);
    values = Seen.values(valueWidth);
    lookup = reader.apply(map.map);
    putAll(CHAIN, CHAIN.length);
    putAll(ZEROS, ZEROS.length - 1);
    putAll(ONES, ONES.length);
    putAll(THREES, THREES.length);
    if (map.map.count() != FULL) {
      throw new IllegalStateException("%d entries".formatted(map.map.count()));
    }
  }

  private void putAll(byte[][] keys, int count) {
    for (int i = 0; i < count; i++) {
      map.put(keys[i], values[0]);
    }
  }

  /** Grows and evacuates roots 0 and 1, then 3 and 2. */
  @Actor
  public void writer() {
    map.put(ZEROS[5], values[0]);
    map.put(THREES[0], values[0]);
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    Table before = map.map.state.table;
    Seen result = Seen.of(lookup, KEY, values, 16);
    seen.r1 = result == Seen.NEW && map.map.state.table != before ? Seen.CHANGE : result;
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }

  /** The same where values are longs. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class OfLong extends GetDuringEvacuation {
    /** The state. */
    public OfLong() {
      super(Lookup::ofLongs, Long.BYTES);
    }

    @Actor
    @Override
    public void writer() {
      super.writer();
    }

    @Actor
    @Override
    public void reader(L_Result seen) {
      super.reader(seen);
    }

    @Arbiter
    @Override
    public void after() {
      super.after();
    }
  }

  /** The new array counts before the chain is there: the key must be missed. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNewArrayIsTrusted extends GetDuringEvacuation {
    /** The state. */
    public PlantedNewArrayIsTrusted() {
      super(map -> new FlawedReader(map, Flaw.NEW_ARRAY_IS_TRUSTED));
    }

    @Actor
    @Override
    public void writer() {
      super.writer();
    }

    @Actor
    @Override
    public void reader(L_Result seen) {
      super.reader(seen);
    }

    @Arbiter
    @Override
    public void after() {
      super.after();
    }
  }
}
