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
 * An entry moves because its value changes its size class, and another key's entry takes the room
 * at once: old or new value, never a mix.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringReuseOfEntry {
  private static final byte[][] KEYS = SmallMap.keys(16, 0, 0, 6);
  private static final byte[] KEY = KEYS[0];
  private static final byte[][] VALUES = Seen.values(40, 100, 40, 100);
  private static final byte[][] OTHERS = {new byte[40], new byte[100]};

  private final SmallMap map = new SmallMap(0, 0, 0);
  private final Lookup lookup;

  /** The state: the key, and one entry of either size, so that freed room stays with its class. */
  public GetDuringReuseOfEntry() {
    this(Lookup::real);
  }

  GetDuringReuseOfEntry(Function<Hmap, Lookup> reader) {
    lookup = reader.apply(map.map);
    map.put(KEY, VALUES[0]);
    map.put(KEYS[1], OTHERS[0]);
    map.put(KEYS[2], OTHERS[1]);
  }

  /** Moves the entry, and fills the gap. */
  @Actor
  public void writer() {
    for (int i = 1; i < VALUES.length; i++) {
      map.put(KEY, VALUES[i]);
      map.put(KEYS[2 + i], OTHERS[i - 1 & 1]);
    }
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    seen.r1 = Seen.of(lookup, KEY, VALUES, 8);
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }

  /** The room is not known to have changed hands: the other's value must be seen. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNoVersionRecheck extends GetDuringReuseOfEntry {
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
