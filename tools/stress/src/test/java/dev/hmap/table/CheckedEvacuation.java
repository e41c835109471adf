package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;

/**
 * Eight roots, of which a growth to sixteen has evacuated none yet; keys and values are entries.
 * The first write to key 0 evacuates its chain. Then a value of another length moves its entry, and
 * the next new key's entry takes the room that the old chain still refers to.
 */
public class CheckedEvacuation extends CheckedMap {
  private static final int B = 3;
  private static final int FULL = 52;
  private static final int WIDTH = 16;
  private static final byte[][] SEVENS = SmallMap.keys(WIDTH, B, 7, 2);
  private static final byte[][] ZEROS = SmallMap.keys(WIDTH, B, 0, 2);
  private static final byte[][] NAMED = {SEVENS[0], ZEROS[0], ZEROS[1], SEVENS[1]};

  /** The state. */
  public CheckedEvacuation() {
    this(Lookup::real);
  }

  CheckedEvacuation(Function<Hmap, Lookup> reader) {
    super(emptyMap(0, 0, FULL), reader, FULL + 1, NAMED, WIDTH, WIDTH + Long.BYTES);
  }

  /** For a reader without its flaw. */
  public static final class ReadWithoutFlaw extends CheckedEvacuation {
    /** The state. */
    public ReadWithoutFlaw() {
      super(map -> new FlawedReader(map, Flaw.NONE));
    }
  }

  /** An old chain counts although it was evacuated meanwhile. */
  public static final class PlantedNoMarkRecheck extends CheckedEvacuation {
    /** The state. */
    public PlantedNoMarkRecheck() {
      super(map -> new FlawedReader(map, Flaw.NO_MARK_RECHECK));
    }
  }
}
