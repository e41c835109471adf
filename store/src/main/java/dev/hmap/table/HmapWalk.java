package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;

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
  private int buckets;
  private int slot;

  /** Is told what the walk comes by. */
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
    Table t = map.table;
    BucketArray old = t.old;
    if (old != null) {
      walk.isOld = true;
      for (int root = t.evacuatedBelow; root < old.roots(); root++) {
        if (!isEvacuated(old, root)) {
          walk.chain(old, root);
        }
      }
      walk.isOld = false;
    }
    for (int root = 0; root < t.buckets.roots(); root++) {
      if (old == null
          || (root & old.mask) < t.evacuatedBelow
          || isEvacuated(old, root & old.mask)) {
        walk.chain(t.buckets, root);
      }
    }
  }

  /** Whether a chain of the old array, whose memory is still there, was evacuated. */
  static boolean isEvacuated(BucketArray old, int bucket) {
    int extent = old.extentOf(bucket);
    return BucketLayout.isEvacuated(
        Byte.toUnsignedInt(old.memory(extent).getByte(old.offset(extent, bucket))));
  }

  private void chain(BucketArray array, int root) {
    this.root = root;
    buckets = 0;
    int bucket = root;
    do {
      if (++buckets > array.capacity() || bucket < 0 || bucket >= array.capacity()) {
        throw new StoreCorruptException(
            "the chain of bucket %,d of array %d does not end".formatted(root, array.id));
      }
      if (bucket == root) {
        at.to(array, bucket);
      } else {
        at.toOverflow(array, bucket);
      }
      for (slot = 0; slot < BucketLayout.SLOTS; slot++) {
        if (!BucketLayout.isEmpty(at.tophash(slot))) {
          visitor.entry(this);
        }
      }
      bucket = at.memory.getInt(at.offset + map.layout.overflow());
    } while (bucket != 0);
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
    return buckets;
  }

  /** Bytes of the present entry's key. */
  public int keyLength() {
    return map.layout.keysInline()
        ? map.geometry.keyWidth()
        : Short.toUnsignedInt((short) length(EntryLayout.KEY_LENGTH));
  }

  /** Bytes of the present entry's value, without its stamp. */
  public int valueLength() {
    int bytes =
        map.layout.valuesInline() ? map.geometry.valueWidth() : length(EntryLayout.VALUE_LENGTH);
    int length = bytes - map.geometry.stampBytes();
    if (length < 0) {
      throw new StoreCorruptException("the entry at %,d has no length".formatted(entry()));
    }
    return length;
  }

  /** The present entry's key. */
  public byte[] key() {
    byte[] key = new byte[keyLength()];
    if (map.layout.keysInline()) {
      at.memory.get(at.offset + map.layout.key(slot), key, 0, key.length);
    } else {
      long address = entry();
      map.space
          .memoryAt(address)
          .get(Space.offset(address) + EntryLayout.HEADER_BYTES, key, 0, key.length);
    }
    return key;
  }

  private int length(int field) {
    long address = entry();
    return map.space.memoryAt(address).getInt(Space.offset(address) + field);
  }

  private long entry() {
    return map.slots.entryAddress(at, slot);
  }
}
