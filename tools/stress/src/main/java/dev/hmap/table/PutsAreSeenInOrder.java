package dev.hmap.table;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Keys are put in pairs, each key in a chain of its own: who sees the second sees the first. */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class PutsAreSeenInOrder {
  private static final int PAIRS = 4;
  private static final byte[][] FIRST = SmallMap.keys(Long.BYTES, 1, 0, PAIRS);
  private static final byte[][] SECOND = SmallMap.keys(Long.BYTES, 1, 1, PAIRS);
  private static final byte[] VALUE = new byte[24];

  private final SmallMap map = new SmallMap(Long.BYTES, VALUE.length, 13);
  private final HmapReader lookup = map.map.reader();

  /** The state: an empty map of two roots. */
  public PutsAreSeenInOrder() {}

  /** Puts. */
  @Actor
  public void writer() {
    for (int i = 0; i < PAIRS; i++) {
      map.put(FIRST[i], VALUE);
      map.put(SECOND[i], VALUE);
    }
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    int secondSeen = 0;
    for (int i = 0; i < PAIRS; i++) {
      if (lookup.get(new KeyBytes(SECOND[i]), null)) {
        secondSeen++;
        if (!lookup.get(new KeyBytes(FIRST[i]), null)) {
          seen.r1 = Seen.MISSING;
          return;
        }
      }
    }
    seen.r1 = secondSeen == 0 ? Seen.OLD : secondSeen == PAIRS ? Seen.NEW : Seen.CHANGE;
  }

  /** Makes room for the next state. */
  @Arbiter
  public void after() {
    map.close();
  }
}
