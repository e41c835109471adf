package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** An entry is overwritten where it stands, its length too: never a mix of two values. */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringUpdateOfEntry {
  private static final byte[][] KEYS = SmallMap.keys(16, 0, 0, 2);
  private static final byte[] KEY = KEYS[1];
  private static final byte[][] VALUES = Seen.values(40, 38, 40, 37, 40, 39, 40, 38);

  private final SmallMap map = new SmallMap(0, 0, 0);
  private final Lookup lookup;

  /** The state. */
  public GetDuringUpdateOfEntry() {
    this(Lookup::real);
  }

  GetDuringUpdateOfEntry(Function<Hmap, Lookup> reader) {
    lookup = reader.apply(map.map);
    for (byte[] key : KEYS) {
      map.put(key, VALUES[0]);
    }
  }

  /** Replaces the value. */
  @Actor
  public void writer() {
    for (int i = 1; i < VALUES.length; i++) {
      map.put(KEY, VALUES[i]);
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

  /** The entry is copied without a second look at the version: must be seen torn. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNoVersionRecheck extends GetDuringUpdateOfEntry {
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
