package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import java.lang.foreign.MemorySegment;

/**
 * A bucket, and the way along its chain. For the writer, or for whoever looks at a map that nobody
 * changes: nothing may move meanwhile.
 */
final class Cursor {
  Memory memory = new MappedMemory(MemorySegment.NULL);
  int offset;
  long address;

  /** The bucket's number. */
  int bucket;

  /** The bucket that the way began at. */
  private int first;

  /** How many buckets the way went on. */
  private int hops;

  /** Begins at a bucket. */
  void to(BucketArray array, int number) {
    go(array, number);
    first = number;
    hops = 0;
  }

  private void go(BucketArray array, int number) {
    int extent = array.extentOf(number);
    memory = array.memory(extent);
    offset = array.offset(extent, number);
    address = array.address(extent, number);
    bucket = number;
  }

  /** Begins where another one is, on the same way. */
  void to(Cursor other) {
    memory = other.memory;
    offset = other.offset;
    address = other.address;
    bucket = other.bucket;
    first = other.first;
    hops = other.hops;
  }

  /**
   * Goes on to the next bucket of the chain.
   *
   * @return false at the chain's end, where it stays
   * @throws StoreCorruptException if the chain leads out of the array's overflow buckets, or does
   *     not end
   */
  boolean toNext(BucketArray array, BucketLayout layout) {
    int next = memory.getInt(offset + layout.overflow());
    if (next == 0) {
      return false;
    }
    if (next < array.roots() || next >= array.capacity()) {
      throw new StoreCorruptException(
          "a bucket at address %,d of array %d leads to bucket %,d"
              .formatted(address, array.id, next));
    }
    if (++hops > array.capacity()) {
      throw new StoreCorruptException(
          "the chain of bucket %,d of array %d does not end".formatted(first, array.id));
    }
    go(array, next);
    return true;
  }

  /** How many buckets of the chain came before this one. */
  int hops() {
    return hops;
  }

  int tophash(int i) {
    return Byte.toUnsignedInt(memory.getByte(offset + i));
  }

  void setTophash(int i, int tophash) {
    memory.putByte(offset + i, (byte) tophash);
  }
}
