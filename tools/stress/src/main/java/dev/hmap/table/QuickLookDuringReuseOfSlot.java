package dev.hmap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A key is removed, and another key of the chain gets its slot, again and again: a {@link
 * HmapReader#quickLook} for the first finds its value or none, never the other's.
 */
@JCStressTest
@JCStressMeta(Grading.class)
@State
public class QuickLookDuringReuseOfSlot {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[][] KEYS = SmallMap.keys(Long.BYTES, 0, 0, 2);
  private static final byte[][] VALUES = Seen.values(Long.BYTES, Long.BYTES);

  private final SmallMap map = new SmallMap(Long.BYTES, Long.BYTES, 0);
  private final HmapReader lookup = map.map.reader();

  /** The state: one entry. */
  public QuickLookDuringReuseOfSlot() {
    map.put(KEYS[0], VALUES[0]);
  }

  /** Gives the slot to the second key and back. */
  @Actor
  public void writer() {
    for (int i = 0; i < 4; i++) {
      map.remove(KEYS[0]);
      map.put(KEYS[1], VALUES[1]);
      map.remove(KEYS[1]);
      map.put(KEYS[0], VALUES[0]);
    }
  }

  /** Looks. */
  @Actor
  public void reader(L_Result seen) {
    long key = (long) LONG.get(KEYS[0], 0);
    long value = (long) LONG.get(VALUES[0], 0);
    Seen result = Seen.OLD;
    for (int i = 0; i < 16 && result != Seen.MIXED; i++) {
      long found = lookup.quickLook(key);
      if (found == HmapReader.ABSENT || found == HmapReader.UNDECIDED) {
        result = Seen.CHANGE;
      } else if (found != value) {
        result = Seen.MIXED;
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
