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
 * A long key is removed, and another takes its slot, again and again: the other's value is never
 * seen as the key's.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringReuseOfSlot {
  private static final byte[][] KEYS = SmallMap.keys(Long.BYTES, 0, 0, 4);
  private static final byte[] KEY = KEYS[2];
  private static final byte[] OTHER = KEYS[3];
  private static final byte[][] VALUES = Seen.values(Long.BYTES, Long.BYTES);
  private static final int ROUNDS = 4;

  private final SmallMap map = new SmallMap(Long.BYTES, Long.BYTES, 0);
  private final Lookup lookup;

  /** The state: three keys. */
  public GetDuringReuseOfSlot() {
    this(Lookup::ofLongs);
  }

  GetDuringReuseOfSlot(Function<Hmap, Lookup> reader) {
    lookup = reader.apply(map.map);
    for (int i = 0; i < 3; i++) {
      map.put(KEYS[i], VALUES[0]);
    }
  }

  /** Puts the other key into the slot, and the key again. */
  @Actor
  public void writer() {
    for (int i = 0; i < ROUNDS; i++) {
      map.remove(KEY);
      map.put(OTHER, VALUES[1]);
      map.remove(OTHER);
      map.put(KEY, VALUES[0]);
    }
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    Seen result = Seen.OLD;
    for (int i = 0; i < 8; i++) {
      Seen now = Seen.of(lookup, KEY, VALUES, 1);
      if (now == Seen.MISSING) {
        result = Seen.CHANGE;
      } else if (now != Seen.OLD) {
        result = Seen.MIXED;
        break;
      }
    }
    seen.r1 = result;
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }

  /** The value is taken without a second look at the version: must be seen to be the other's. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNoVersionRecheck extends GetDuringReuseOfSlot {
    /** The state. */
    public PlantedNoVersionRecheck() {
      super(map -> new FlawedReader(map, Flaw.NO_VERSION_RECHECK));
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
