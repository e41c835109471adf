package dev.hmap.table;

import dev.hmap.format.ExtentLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SizeClasses;

/**
 * An extent that holds entries: slots of one size class, or one large entry. Its state lies here
 * and in the directory, not in the extent. Writer thread only.
 */
final class Slab {
  final int page;
  final int order;
  final int sizeClass;
  final int slots;
  final int largeBytes;
  int used;
  int firstFree;
  int bump;

  /** Its place among its class's slabs with room, or -1. */
  int roomAt = -1;

  /** Whether compaction is emptying it, so that it takes no more entries. */
  boolean isSealed;

  /** Whether it is among those that may be empty. */
  boolean isEmptied;

  Slab(int page, int order, int sizeClass, int largeBytes) {
    this.page = page;
    this.order = order;
    this.sizeClass = sizeClass;
    this.largeBytes = largeBytes;
    this.slots = largeBytes > 0 ? 1 : slots(order, sizeClass);
  }

  /** Slots of an extent of an order. */
  static int slots(int order, int sizeClass) {
    return (int) (ExtentLayout.payloadBytes(order) / SizeClasses.bytes(sizeClass));
  }

  boolean isLarge() {
    return largeBytes > 0;
  }

  boolean hasRoom() {
    return firstFree != 0 || bump < slots;
  }

  long address(int slot) {
    return PageLayout.addressOf(page) + (long) slot * SizeClasses.bytes(sizeClass);
  }
}
