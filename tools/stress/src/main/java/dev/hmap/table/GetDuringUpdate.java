package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A value of three words in its slot is replaced: never torn, never missing, never older. */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringUpdate {
  private static final byte[][] KEYS = SmallMap.keys(Long.BYTES, 0, 0, 4);
  private static final byte[] KEY = KEYS[2];
  private static final byte[][] VALUES = Seen.values(24, 24, 24, 24, 24, 24, 24, 24);

  private final SmallMap map = new SmallMap(Long.BYTES, 24, 0);
  private final Lookup lookup;

  /** The state. */
  public GetDuringUpdate() {
    this(Lookup::real);
  }

  GetDuringUpdate(Function<Hmap, Lookup> reader) {
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

  /** The value is copied without a second look at the version: must be seen torn. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNoVersionRecheck extends GetDuringUpdate {
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
