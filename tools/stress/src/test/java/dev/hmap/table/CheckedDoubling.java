package dev.hmap.table;

import dev.hmap.table.FlawedReader.Flaw;
import java.util.function.Function;

/**
 * Two roots, keys and values so wide that each bucket has a page of its own. A new key makes four
 * of them. Evacuating root 0 gives its page back. The nine keys of root 1 all go to one new chain;
 * so its overflow bucket takes that page.
 */
public class CheckedDoubling extends CheckedMap {
  private static final int WIDTH = 128;
  private static final int FULL = 13;
  private static final byte[][] ZEROS = SmallMap.keys(WIDTH, 2, 0, 5);
  private static final byte[][] ONES = SmallMap.keys(WIDTH, 2, 1, 10);
  private static final byte[][] NAMED = {ONES[8], ZEROS[3], ZEROS[4], ONES[9]};

  /** The state. */
  public CheckedDoubling() {
    this(Lookup::real);
  }

  CheckedDoubling(Function<Hmap, Lookup> reader) {
    super(filled(), reader, 0, NAMED, WIDTH);
  }

  private static SmallMap filled() {
    SmallMap map = emptyMap(WIDTH, WIDTH, FULL);
    for (int i = 0; i < 8; i++) {
      map.put(ONES[i], new byte[WIDTH]);
    }
    for (int i = 0; i < 3; i++) {
      map.put(ZEROS[i], new byte[WIDTH]);
    }
    return map;
  }

  /** For a reader without its flaw. */
  public static final class ReadWithoutFlaw extends CheckedDoubling {
    /** The state. */
    public ReadWithoutFlaw() {
      super(map -> new FlawedReader(map, Flaw.NONE));
    }
  }

  /** A chain is read while a value in it is half changed. */
  public static final class PlantedOddVersionIsRead extends CheckedDoubling {
    /** The state. */
    public PlantedOddVersionIsRead() {
      super(map -> new FlawedReader(map, Flaw.ODD_VERSION_IS_READ));
    }
  }

  /** The new array counts before the chain is there. */
  public static final class PlantedNewArrayIsTrusted extends CheckedDoubling {
    /** The state. */
    public PlantedNewArrayIsTrusted() {
      super(map -> new FlawedReader(map, Flaw.NEW_ARRAY_IS_TRUSTED));
    }
  }
}
