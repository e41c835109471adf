package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One full bucket; keys and values are entries. A value of another length moves its entry, and the
 * next entry of the first length takes its room. A ninth key begins and ends a growth; then the
 * first entry of the second length takes the page of the old array.
 */
public class CheckedEntries extends CheckedMap {
  private static final int FULL = 8;
  private static final byte[][] POOL = SmallMap.keys(16, 0, 0, FULL + KEYS - 2);

  /** The state. */
  public CheckedEntries() {
    this(Lookup::real);
  }

  CheckedEntries(Function<Hmap, Lookup> reader) {
    super(filled(), reader, 0, POOL, 16, 24);
  }

  private static SmallMap filled() {
    SmallMap map = emptyMap(0, 0, 0);
    for (int i = KEYS; i < POOL.length; i++) {
      map.put(POOL[i], new byte[16]);
    }
    return map;
  }

  /** For a reader without its flaw. */
  public static final class ReadWithoutFlaw extends CheckedEntries {
    /** The state. */
    public ReadWithoutFlaw() {
      super(map -> new FlawedReader(map, Flaw.NONE));
    }
  }

  /** The room of an entry is not known to have changed hands. */
  public static final class PlantedNoVersionRecheck extends CheckedEntries {
    /** The state. */
    public PlantedNoVersionRecheck() {
      super(map -> new FlawedReader(map, Flaw.NO_VERSION_RECHECK));
    }
  }

  /** A copied entry counts until the table changes, whatever becomes of its chain. */
  public static final class PlantedNoVersionOfCopy extends CheckedEntries {
    /** The state. */
    public PlantedNoVersionOfCopy() {}

    @Override
    @Nullable EntryBytes current(EntryBytes entry, ChainCopy chain) {
      return entry;
    }
  }

  /** The old array's page is not known to have changed hands. */
  public static final class PlantedNoTableRecheck extends CheckedEntries {
    /** The state. */
    public PlantedNoTableRecheck() {
      super(map -> new FlawedReader(map, Flaw.NO_TABLE_RECHECK));
    }
  }
}
