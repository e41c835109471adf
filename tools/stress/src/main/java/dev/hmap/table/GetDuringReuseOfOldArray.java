package dev.hmap.table;

import dev.hmap.format.PageLayout;
import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The growth ends, and the memory of the old array is used for something else at once: for what
 * looks like the old bucket, version and all, with other values. The key is long, so that a reader
 * that has looked at the table takes a while to hash it before it looks at the array.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringReuseOfOldArray {
  private static final int PAGE_ORDER = 0;
  private static final byte[][] KEYS = SmallMap.keys(16, 0, 0, 8);
  private static final byte[] KEY = SmallMap.keys(2000, 0, 0, 1)[0];
  private static final byte[][] VALUES = Seen.values(24, 24);

  private final SmallMap map = new SmallMap(0, 24, 0);
  private final Lookup lookup;
  private final int page;
  private final byte[] forged;

  /** The state: a full bucket. */
  public GetDuringReuseOfOldArray() {
    this(Lookup::real);
  }

  GetDuringReuseOfOldArray(Function<Hmap, Lookup> reader) {
    lookup = reader.apply(map.map);
    map.put(KEY, VALUES[0]);
    for (int i = 0; i < 7; i++) {
      map.put(KEYS[i], VALUES[0]);
    }
    BucketArray array = map.map.state.table.buckets;
    page = array.page(0);
    forged = new byte[map.map.state.layout.bytes()];
    array.memory(0).get(array.offset(0, 0), forged, 0, forged.length);
    for (int i = 0; i < 8; i++) {
      System.arraycopy(VALUES[1], 0, forged, map.map.state.layout.value(i), VALUES[1].length);
    }
  }

  /** Grows, which a single put does for a map of one root. */
  @Actor
  public void writer() {
    map.put(KEYS[7], VALUES[0]);
    int reused = map.space.allocate(PAGE_ORDER);
    if (reused != page || map.map.isGrowing()) {
      throw new IllegalStateException("page %d instead of %d".formatted(reused, page));
    }
    map.overwrite(PageLayout.addressOf(page), forged);
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    Table before = map.map.state.table;
    Seen result = Seen.of(lookup, KEY, VALUES, 8);
    if (result == Seen.OLD) {
      seen.r1 = map.map.state.table != before ? Seen.CHANGE : Seen.OLD;
    } else {
      seen.r1 = result == Seen.MISSING ? Seen.MISSING : Seen.MIXED;
    }
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }

  /** The memory is not known to have changed hands: a forged value must be seen. */
  @JCStressTest
  @JCStressMeta(Grading.class)
  @State
  public static class PlantedNoTableRecheck extends GetDuringReuseOfOldArray {
    /** The state. */
    public PlantedNoTableRecheck() {
      super(map -> new FlawedReader(map, Flaw.NO_TABLE_RECHECK));
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
