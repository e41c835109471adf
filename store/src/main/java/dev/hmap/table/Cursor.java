package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import java.lang.foreign.MemorySegment;

/** A bucket the writer is at. */
final class Cursor {
  Memory memory = new MappedMemory(MemorySegment.NULL);
  int offset;
  long address;

  void to(BucketArray array, int bucket) {
    int extent = array.extentOf(bucket);
    memory = array.memory(extent);
    offset = array.offset(extent, bucket);
    address = array.address(extent, bucket);
  }

  /** Goes on to the next bucket of a chain, as a bucket of the array names it. */
  void toOverflow(BucketArray array, int bucket) {
    if (bucket < array.roots() || bucket >= array.capacity()) {
      throw new StoreCorruptException(
          "a bucket at address %,d of array %d leads to bucket %,d"
              .formatted(address, array.id, bucket));
    }
    to(array, bucket);
  }

  void to(Cursor other) {
    memory = other.memory;
    offset = other.offset;
    address = other.address;
  }

  int tophash(int i) {
    return Byte.toUnsignedInt(memory.getByte(offset + i));
  }

  void setTophash(int i, int tophash) {
    memory.putByte(offset + i, (byte) tophash);
  }
}
