package dev.hmap.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.TestMaps;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.recovery.Creation;
import dev.hmap.store.Environment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A golden store being made, next to a model of what it holds. */
final class Making<K, V> {
  /** When the first entry is written. */
  static final long START = 1_700_000_000_000L;

  private static final LogHead ID = new LogHead(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
  private static final LogHead OTHER_ID = new LogHead(0x2726252423222120L, 0x2f2e2d2c2b2a2928L);
  private static final long HASH0 = 0x1716151413121110L;

  /** What reaches the medium of a record that is torn. */
  private static final int TORN_BEHIND = 40;

  /** What the store shall hold; not kept where entries expire. */
  final Map<K, V> model = new HashMap<>();

  /** The clock. */
  long now = START;

  private final Codec<K> keys;
  private final Codec<V> values;
  private MemoryFiles files = new MemoryFiles();
  private byte @Nullable [] data;
  private byte @Nullable [] log;

  private Making(Codec<K> keys, Codec<V> values, long timeToLive, LogHead id, LogHead former) {
    this.keys = keys;
    this.values = values;
    int stamp = timeToLive > 0 && values.width() > 0 ? Long.BYTES : 0;
    Geometry geometry =
        new Geometry(
            keys.width(), values.width() + stamp, keys.shape(), values.shape(), timeToLive);
    Creation.Seeds seeds = new Creation.Seeds(id.storeIdHigh(), id.storeIdLow(), HASH0, former);
    Creation.create(files, GoldenFiles.NAMES, geometry, 0, seeds);
  }

  Making(Codec<K> keys, Codec<V> values, long timeToLive) {
    this(keys, values, timeToLive, ID, LogHead.NONE);
  }

  Making(Codec<K> keys, Codec<V> values) {
    this(keys, values, 0);
  }

  /** A store that is to replace this one, as a compaction's does. */
  Making<K, V> successor() {
    return new Making<>(keys, values, 0, OTHER_ID, ID);
  }

  /** Leaves the log of the store that this one replaced beside it. */
  Making<K, V> beside(Making<K, V> former) {
    files.put(GoldenFiles.NAMES.log(), Objects.requireNonNull(former.log));
    return this;
  }

  /** Opens the store, works on it, and closes it. */
  Making<K, V> open(Consumer<HMap<K, V>> work) {
    try (HMap<K, V> map =
        TestMaps.at(
                Environment.REAL.with(files).with(() -> Instant.ofEpochMilli(now)),
                GoldenFiles.NAMES.data(),
                keys,
                values)
            .open()) {
      work.accept(map);
    }
    return this;
  }

  /** Opens the store, works on it, and leaves it as it would be had its process died then. */
  Making<K, V> openAndDie(Consumer<HMap<K, V>> work) {
    open(map -> {
      work.accept(map);
      keep();
    });
    files = GoldenFiles.inMemory(Objects.requireNonNull(data), log);
    return this;
  }

  /** Does to the store and to the model the same. */
  void both(HMap<K, V> map, Consumer<Map<K, V>> work) {
    work.accept(map);
    work.accept(model);
  }

  /** The same, with a power cut that tears the last record. */
  Making<K, V> openAndTear(Consumer<HMap<K, V>> work, Consumer<HMap<K, V>> lastWrite) {
    return openAndDie(map -> {
      work.accept(map);
      byte[] before = copy();
      lastWrite.accept(map);
      byte[] torn = copy();
      int from = Arrays.mismatch(before, torn) + TORN_BEHIND;
      System.arraycopy(before, from, torn, from, before.length - from);
      files.put(GoldenFiles.NAMES.log(), torn);
    });
  }

  /**
   * Goes on with the checkpoint that died after its commit, whose images fill less than a segment,
   * and has it die again.
   *
   * @param every 1 to write each page in place, 2 to write each second one
   * @param headerBytes of the header slot that reach the medium
   */
  Making<K, V> dieInPlace(int every, int headerBytes) {
    byte[] file = Objects.requireNonNull(data).clone();
    ByteBuffer images = images();
    for (int i = 0; ; i++) {
      int at = SegmentHeader.BYTES + i * PageImageLayout.BYTES;
      boolean isCommit = images.getInt(at + PageImageLayout.KIND) == PageImageLayout.KIND_COMMIT;
      int page = (int) PageLayout.addressOf(images.getInt(at + PageImageLayout.PAGE));
      if (isCommit || i % every == 0) {
        int bytes = isCommit ? headerBytes : PageLayout.PAGE_BYTES;
        images.get(at + PageImageLayout.CONTENT, file, page, bytes);
      }
      if (isCommit) {
        assertThat(i).as("images before the commit").isGreaterThanOrEqualTo(every);
        files = GoldenFiles.inMemory(file, log);
        return this;
      }
    }
  }

  /** The newest segment of images. */
  private ByteBuffer images() {
    ByteBuffer all = ByteBuffer.wrap(Objects.requireNonNull(log)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer newest = null;
    long number = 0;
    for (int at = LogHead.BYTES; at < all.capacity(); at += SegmentHeader.SEGMENT_BYTES) {
      ByteBuffer slot = all.slice(at, SegmentHeader.SEGMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      SegmentHeader head = SegmentHeader.decode(slot);
      if (head != null && head.kind() == SegmentHeader.KIND_IMAGES && head.number() > number) {
        number = head.number();
        newest = slot;
      }
    }
    return Objects.requireNonNull(newest);
  }

  private byte[] copy() {
    return Objects.requireNonNull(files.copy(GoldenFiles.NAMES.log()));
  }

  private void keep() {
    data = files.copy(GoldenFiles.NAMES.data());
    log = files.copy(GoldenFiles.NAMES.log());
  }

  /** While this store is open, checkpoints wait behind their commit. */
  void holdCheckpointsUp() {
    files.setReadersAbout();
  }

  /** Writes the files of a store whose entries do not expire, if it holds what the model does. */
  void write(String name) {
    List<String> listing = list();
    assertThat(listing)
        .as(name)
        .endsWith(
            model.entrySet().stream()
                .map(e -> Listing.line(keys.encode(e.getKey()), values.encode(e.getValue())))
                .sorted()
                .toArray(String[]::new))
        .contains("count " + model.size());
    write(name, listing);
  }

  /** Writes the files of a store whose entries expire, if it holds this many. */
  void writeExpiring(String name, int count) {
    List<String> listing = list();
    assertThat(listing).as(name).contains("count " + count);
    write(name, listing);
  }

  private List<String> list() {
    keep();
    return Listing.of(GoldenFiles.inMemory(Objects.requireNonNull(data), log), now);
  }

  private void write(String name, List<String> listing) {
    GoldenFiles.write(name, Objects.requireNonNull(data), log, listing);
  }
}
