package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;

/**
 * Walks every chain of a map that nobody changes meanwhile, and every entry of it: first what is
 * not evacuated of the old array, then what counts of the current one. What it is at can be asked
 * of it during a call of the {@link Visitor}.
 */
public final class HmapWalk {
  private final Hmap map;
  private final Visitor visitor;
  private final Cursor at = new Cursor();
  private boolean isOld;
  private int root;
  private int slot;

  /** Takes what the walk visits. */
  public interface Visitor {
    /** An entry; those of a chain come before the chain. */
    void entry(HmapWalk at);

    /** A chain, at its end. */
    void chain(HmapWalk at);
  }

  private HmapWalk(Hmap map, Visitor visitor) {
    this.map = map;
    this.visitor = visitor;
  }

  /**
   * Walks a map.
   *
   * @param map opened for reading only, or on its writer's thread
   * @throws StoreCorruptException if a chain does not end or a reference leads nowhere
   */
  public static void run(Hmap map, Visitor visitor) {
    HmapWalk walk = new HmapWalk(map, visitor);
    Table t = map.state.table;
    BucketArray old = t.old;
    if (old != null) {
      walk.isOld = true;
      for (int root = 0; root < old.roots(); root++) {
        if (t.home(root) == old) {
          walk.chain(old, root);
        }
      }
      walk.isOld = false;
    }
    for (int root = 0; root < t.buckets.roots(); root++) {
      if (t.home(root) == t.buckets) {
        walk.chain(t.buckets, root);
      }
    }
  }

  private void chain(BucketArray array, int root) {
    this.root = root;
    at.to(array, root);
    do {
      for (slot = 0; slot < BucketLayout.SLOTS; slot++) {
        if (!BucketLayout.isEmpty(at.tophash(slot))) {
          visitor.entry(this);
        }
      }
    } while (at.toNext(array, map.state.layout));
    visitor.chain(this);
  }

  // ---------------------------------------------------------------- where it is

  /** Whether the chain is of the array that is being evacuated. */
  public boolean isOld() {
    return isOld;
  }

  /** The chain's root bucket. */
  public int root() {
    return root;
  }

  /** Buckets of the chain, up to the present one. */
  public int buckets() {
    return at.hops() + 1;
  }

  /** Bytes of the present entry's key. */
  public int keyLength() {
    return map.state.layout.keysInline()
        ? map.state.geometry.keyWidth()
        : Entry.keyLength(memory(), Space.offset(entry()));
  }

  /** Bytes of the present entry's value, without its stamp. */
  public int valueLength() {
    int bytes =
        map.state.layout.valuesInline()
            ? map.state.geometry.valueWidth()
            : Entry.valueLength(memory(), Space.offset(entry()));
    int length = bytes - map.state.geometry.stampBytes();
    if (length < 0) {
      throw new StoreCorruptException("the entry at %,d has no length".formatted(entry()));
    }
    return length;
  }

  /** The present entry's key. */
  public byte[] key() {
    byte[] key = new byte[keyLength()];
    if (map.state.layout.keysInline()) {
      at.memory.get(at.offset + map.state.layout.key(slot), key, 0, key.length);
    } else {
      memory().get(Entry.keyAt(Space.offset(entry())), key, 0, key.length);
    }
    return key;
  }

  private Memory memory() {
    return map.state.space.memoryAt(entry());
  }

  private long entry() {
    return map.state.slots.entryAddress(at, slot);
  }
}
