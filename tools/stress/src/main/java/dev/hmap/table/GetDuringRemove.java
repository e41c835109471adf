package dev.hmap.table;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Another key of the chain is removed, which turns the end of the chain into {@code emptyRest}: the
 * key before it is always there, and the removed one does not come back.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class GetDuringRemove {
  private static final byte[][] KEYS = SmallMap.keys(Long.BYTES, 1, 0, 10);
  private static final byte[] KEPT = KEYS[7];
  private static final byte[] FIRST = KEYS[8];
  private static final byte[] SECOND = KEYS[9];
  private static final byte[][] VALUES = Seen.values(24);

  private final SmallMap map = new SmallMap(Long.BYTES, 24, 13);
  private final Lookup lookup = Lookup.real(map.map);

  /** The state: eight keys in the root, two in its overflow bucket. */
  public GetDuringRemove() {
    for (byte[] key : KEYS) {
      map.put(key, VALUES[0]);
    }
  }

  /** Removes so that the second time both slots become {@code emptyRest}. */
  @Actor
  public void writer() {
    map.remove(FIRST);
    map.remove(SECOND);
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    KeyBytes removed = new KeyBytes(SECOND);
    Seen result = Seen.OLD;
    for (int i = 0; i < 8; i++) {
      Seen kept = Seen.of(lookup, KEPT, VALUES, 1);
      if (kept == Seen.MISSING || kept == Seen.MIXED) {
        result = kept;
        break;
      }
      boolean gone = !lookup.get(removed, new ValueCopy());
      if (!gone && result != Seen.OLD) {
        result = Seen.BACKWARDS;
        break;
      }
      if (gone && result == Seen.OLD) {
        result = i == 0 ? Seen.NEW : Seen.CHANGE;
      }
    }
    seen.r1 = result;
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }
}
