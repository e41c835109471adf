package dev.hmap.table;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.PageLayout;
import java.io.IOException;

/**
 * Makes a map as small as its entries allow, a few chains at a time, while it is read and written:
 * it is evacuated into arrays of half the size as long as it fits, or packed if it has many
 * overflow buckets; then entries are moved out of extents that are sparse or far behind in the
 * file. Nothing of it is logged: the map holds the same afterwards. Writer thread only.
 */
public final class Compaction {
  /** Fewer overflow buckets than one for each 8 roots are not worth packing. */
  private static final int OVERFLOW_SHIFT = 3;

  /** A file is not asked to be shorter than its array, its entries, and a quarter of these. */
  private static final int SLACK_SHIFT = 2;

  /** The first makes room at the front, the others move what is behind there. */
  private static final int MAX_PASSES = 3;

  private enum Phase {
    ARRAY,
    PACKING,
    ENTRIES,
    DONE
  }

  private final Hmap map;
  private Phase phase = Phase.ARRAY;
  private int root;
  private int passes;

  /** A compaction that is yet to begin. */
  public Compaction(Hmap map) {
    this.map = map;
  }

  /**
   * Takes it this many chains further.
   *
   * @return whether it is done
   * @throws StoreFullException if there is no room for the next step, of which nothing was done
   * @throws IOException if a call failed for another reason
   */
  public boolean step(int chains) throws IOException {
    map.secureEvacuation();
    for (int i = 0; i < chains && phase != Phase.DONE; i++) {
      if (map.isGrowing()) {
        map.evacuateNext();
      } else {
        next();
      }
    }
    return phase == Phase.DONE;
  }

  private void next() throws IOException {
    switch (phase) {
      case ARRAY -> shrinkOrPack();
      case PACKING -> beginEntries();
      case ENTRIES -> {
        if (root < map.roots()) {
          map.upkeep.moveEntries(root++);
        } else {
          end();
        }
      }
      case DONE -> {}
    }
  }

  private void shrinkOrPack() throws IOException {
    int b = map.state.table.buckets.b;
    if (b > 0 && !Growth.overLoadFactor(map.count(), b - 1)) {
      map.growth.shrinkTo(b - 1);
      return;
    }
    if (map.fields().noverflow() > map.roots() >>> OVERFLOW_SHIFT) {
      map.growth.shrinkTo(b);
    }
    phase = Phase.PACKING;
  }

  private void beginEntries() {
    if (!map.state.layout.hasEntries()) {
      phase = Phase.DONE;
      return;
    }
    long bytes = map.fields().entryBytes();
    long pages = (bytes + (bytes >>> SLACK_SHIFT)) >>> PageLayout.PAGE_SHIFT;
    long limit = pages + BucketArray.pages(map.state.table.buckets.b, map.state.layout);
    root = 0;
    phase = map.state.entries.seal((int) limit) ? Phase.ENTRIES : Phase.DONE;
  }

  private void end() {
    map.state.entries.unseal();
    phase = ++passes < MAX_PASSES ? Phase.PACKING : Phase.DONE;
  }

  /** Ends it wherever it is. */
  public void giveUp() {
    if (phase == Phase.ENTRIES) {
      map.state.entries.unseal();
      phase = Phase.DONE;
    }
  }
}
