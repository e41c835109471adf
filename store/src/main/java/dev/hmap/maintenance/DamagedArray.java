package dev.hmap.maintenance;

import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket array of a store that may be damaged anywhere, with what is known of its chains. One
 * thread.
 */
final class DamagedArray {
  private static final int MAX_KEY_SHOWN = 32;

  private final SoundPages sound;
  private final Geometry geometry;
  private final BucketLayout layout;
  private final KeyHasher hasher;
  private final ArrayDescriptor array;
  private final int mask;
  private final int limit;
  private final int perExtent;
  private final int[] pages;
  private final BitSet reached = new BitSet();

  /** Roots whose chain leads to a damaged bucket. */
  private final BitSet broken = new BitSet();

  private long intact;

  /** An array of one state of a store. */
  DamagedArray(
      SoundPages sound, StoreHeader header, ArrayDescriptor array, List<ExtentRecord> extents) {
    this.sound = sound;
    this.geometry = header.geometry();
    this.layout = new BucketLayout(geometry);
    this.hasher = new KeyHasher(header.hmap().hash0());
    this.array = array;
    mask = (1 << array.b()) - 1;
    perExtent = (int) (ExtentLayout.payloadBytes(array.extentOrder()) / layout.bytes());
    pages =
        extents.stream()
            .filter(e -> e.kind() == ExtentRecord.KIND_BUCKETS && e.owner() == array.id())
            .mapToInt(ExtentRecord::page)
            .toArray();
    limit =
        (int)
            Math.min(array.nextOverflow(), (long) (array.firstExtent() + pages.length) * perExtent);
  }

  /** A bucket, or null if it is damaged or not there. */
  @Nullable ByteBuffer bucket(int number) throws IOException {
    int extent = number / perExtent - array.firstExtent();
    if (number < 0 || extent < 0 || extent >= pages.length) {
      return null;
    }
    long address =
        PageLayout.addressOf(pages[extent]) + (long) (number % perExtent) * layout.bytes();
    return sound.read(address, layout.bytes());
  }

  /** Hands over a root's chain up to its end or to a damaged bucket. */
  void walk(int root, DamagedStore.Consumer consumer) throws IOException {
    int number = root;
    do {
      boolean isOverflow = number > mask && number < limit;
      ByteBuffer bucket =
          (number == root || isOverflow) && !reached.get(number) ? bucket(number) : null;
      if (bucket == null) {
        broken.set(root);
        return;
      }
      reached.set(number);
      slots(bucket, number, root, consumer);
      number = bucket.getInt(layout.overflow());
    } while (number != 0);
  }

  /** Hands over the overflow buckets that only a damaged bucket leads to. */
  void walkOrphans(DamagedStore.Consumer consumer) throws IOException {
    if (broken.isEmpty()) {
      return;
    }
    for (int number = mask + 1; number < limit; number++) {
      ByteBuffer bucket = reached.get(number) ? null : bucket(number);
      if (bucket != null) {
        slots(bucket, number, -1, consumer);
      }
    }
  }

  /** Hands over the entries of a bucket: of a root's chain, or, if it is -1, of broken chains. */
  private void slots(ByteBuffer bucket, int number, int root, DamagedStore.Consumer consumer)
      throws IOException {
    for (int i = 0; i < BucketLayout.SLOTS; i++) {
      int top = Byte.toUnsignedInt(bucket.get(i));
      if (top >= BucketLayout.MIN_TOP_HASH) {
        slot(bucket, number, i, top, root, consumer);
      }
    }
  }

  private void slot(
      ByteBuffer bucket, int number, int i, int top, int root, DamagedStore.Consumer consumer)
      throws IOException {
    byte[] key = new byte[geometry.keyWidth()];
    byte[] value = new byte[geometry.valueWidth()];
    if (layout.keysInline()) {
      bucket.get(layout.key(i), key);
    }
    if (layout.valuesInline()) {
      bucket.get(layout.value(i), value);
    }
    if (layout.hasEntries()) {
      long address = EntryLayout.address(bucket.getLong(layout.reference(i)));
      ByteBuffer entry = sound.entry(address);
      if (entry == null) {
        sound.find(
            PageLayout.pageOf(address),
            "lost with it: the entry of bucket %,d slot %d%s"
                .formatted(number, i, layout.keysInline() ? ", key " + shown(key) : ""));
        return;
      }
      int keyLength = entry.getShort(EntryLayout.KEY_LENGTH) & 0xFFFF;
      entry.position(EntryLayout.HEADER_BYTES);
      if (!layout.keysInline()) {
        key = new byte[keyLength];
        entry.get(key);
      }
      if (!layout.valuesInline()) {
        value = new byte[entry.getInt(EntryLayout.VALUE_LENGTH)];
        entry.get(value);
      }
    }
    long hash = hasher.hash(key, 0, key.length);
    int home = (int) hash & mask;
    if (BucketLayout.tophash(hash) == top && (home == root || root < 0 && broken.get(home))) {
      intact++;
      consumer.accept(key, value);
    }
  }

  /** The number of roots. */
  int roots() {
    return mask + 1;
  }

  /** The number of intact entries that were handed over. */
  long intact() {
    return intact;
  }

  private static String shown(byte[] key) {
    String hex = HexFormat.of().formatHex(key, 0, Math.min(key.length, MAX_KEY_SHOWN));
    return key.length > MAX_KEY_SHOWN ? hex + "..." : hex;
  }
}
