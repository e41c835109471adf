package dev.hmap.recovery;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.Directory;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.report.Finding;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is provably intact of a store that may be damaged anywhere, and never writes. An entry
 * is intact if every page that it and the way to it lie on has the sum that the checkpoint gave it,
 * and if it stands where its hash says. Buckets behind a damaged one are found by looking at all.
 *
 * <p>One thread, and not one that users may interrupt.
 */
public final class DamagedStore implements AutoCloseable {
  private static final int MAX_KEY_SHOWN = 32;
  private static final int MAX_FLAWS = 10_000;

  /** Takes entries. */
  @FunctionalInterface
  public interface Consumer {
    /** One entry. */
    void accept(byte[] key, byte[] value);
  }

  private final FileNames names;
  private final StoreLock lock;
  private final StoreFile data;
  private final @Nullable LogFile log;
  private final DataPages pages;
  private final StoreHeader header;
  private final List<ExtentRecord> extents;
  private final byte[] mark;
  private final List<Finding> findings;
  private final PageSums sums;
  private final BucketLayout layout;
  private final KeyHasher hasher;
  private final TreeMap<Integer, ExtentRecord> byPage = new TreeMap<>();
  private final BitSet sound = new BitSet();
  private final BitSet unsound = new BitSet();
  private final long count;
  private long intact;

  private DamagedStore(
      FileNames names,
      StoreLock lock,
      StoreFile data,
      @Nullable LogFile log,
      DataPages pages,
      StoreHeader header,
      Directory directory,
      long count,
      List<Finding> findings) {
    this.names = names;
    this.lock = lock;
    this.data = data;
    this.log = log;
    this.pages = pages;
    this.header = header;
    this.extents = directory.extents();
    this.mark = directory.mark();
    this.count = count;
    this.findings = findings;
    sums = new PageSums(pages);
    layout = new BucketLayout(header.geometry());
    hasher = new KeyHasher(header.hmap().hash0());
    for (ExtentRecord extent : extents) {
      byPage.put(extent.page(), extent);
    }
  }

  /**
   * Opens a store as far as it goes: the newest state whose header and directory are sound.
   *
   * @throws HMapException if there is no such state
   */
  public static DamagedStore open(FileSystem fileSystem, FileNames names) {
    try {
      LockedStore files = LockedStore.open(fileSystem, names, false);
      StoreLock lock = files.lock();
      StoreFile data = files.data();
      LogFile log = null;
      DamagedStore opened = null;
      try {
        List<StoreHeader> headers = HeaderSlots.read(data, names).sound();
        if (fileSystem.exists(names.log())) {
          LogHead head = LogHead.of(headers.getFirst());
          log =
              LogFile.ofDamaged(
                  fileSystem.open(names.log(), Mode.READ),
                  head,
                  headers.getFirst().log().segment());
        }
        opened = open(names, lock, data, log, headers);
        return opened;
      } finally {
        if (opened == null) {
          try (StoreLock _ = lock;
              LogFile _ = log;
              StoreFile _ = data) {
            // what was opened is closed again
          }
        }
      }
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be read", e);
    }
  }

  private static DamagedStore open(
      FileNames names,
      StoreLock lock,
      StoreFile data,
      @Nullable LogFile log,
      List<StoreHeader> headers)
      throws IOException {
    List<Finding> findings = new ArrayList<>();
    StoreCorruptException first = null;
    long count = headers.getFirst().hmap().count();
    for (StoreHeader found : headers) {
      DataPages pages = new DataPages(data, names);
      try {
        StoreHeader header = found;
        if (log != null) {
          Optional<PageImageReader> images =
              PageImageReader.find(log, log.scan(), found.generation() + 1);
          if (images.isPresent()) {
            header = pages.overlay(found, images.get());
            count = first == null ? header.hmap().count() : count;
          }
        }
        Directory directory = DirectoryReader.read(pages, header);
        return new DamagedStore(names, lock, data, log, pages, header, directory, count, findings);
      } catch (StoreCorruptException e) {
        first = first == null ? e : first;
        findings.add(
            Finding.damage(
                StoreHeader.slotPage(found.generation()),
                "state %d cannot be used: %s".formatted(found.generation(), e.getMessage())));
      }
    }
    throw first == null ? new StoreCorruptException(names.data() + " has no header") : first;
  }

  /** The shapes of keys and values. */
  public Geometry geometry() {
    return header.geometry();
  }

  /** The user's mark, as the checkpoint has it. */
  public byte[] mark() {
    return mark;
  }

  /** What has expired at this time is gone; milliseconds since 1970, 0 if entries do not expire. */
  public long horizon() {
    return header.horizon();
  }

  /** Entries that the newest state held, whether its directory is sound or not. */
  public long count() {
    return count;
  }

  /** Entries of the state that {@link #forEachEntry} found. */
  public long intact() {
    return intact;
  }

  /** What was found to be damaged so far, at most 10,000 lines. */
  public List<Finding> findings() {
    return findings;
  }

  private void find(int page, String what) {
    if (findings.size() < MAX_FLAWS) {
      findings.add(Finding.damage(page, what));
    }
  }

  // ---------------------------------------------------------------- pages

  /** Whether a page is in use and as it was written. */
  private boolean isSound(int page) throws IOException {
    if (sound.get(page) || unsound.get(page)) {
      return sound.get(page);
    }
    boolean isSound = false;
    Map.Entry<Integer, ExtentRecord> at = byPage.floorEntry(page);
    if (at != null && page < at.getKey() + (1 << at.getValue().order())) {
      String flaw = flaw(at.getValue(), page - at.getKey());
      if (flaw == null) {
        isSound = true;
      } else {
        find(page, flaw);
      }
    }
    (isSound ? sound : unsound).set(page);
    return isSound;
  }

  private @Nullable String flaw(ExtentRecord extent, int index) throws IOException {
    try {
      long sum = sums.sum(extent, index);
      if (sum == ExtentLayout.SUM_UNDEFINED) {
        return "it has no checksum, and is in use: " + PageSums.meaning(extent);
      }
      if (PageSums.isNewer(sum, header)) {
        return "it is of a newer state: " + PageSums.meaning(extent);
      }
      return sums.flaw(extent, index, sum);
    } catch (EOFException _) {
      return "it lies behind the end of the file: " + PageSums.meaning(extent);
    }
  }

  /** Bytes that lie on sound pages of one extent; null if they do not. */
  private @Nullable ByteBuffer read(long address, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = address; at < address + length; ) {
      int page = PageLayout.pageOf(at);
      if (!isSound(page)) {
        return null;
      }
      int offset = (int) at & PageLayout.PAGE_BYTES - 1;
      int n = (int) Math.min(PageLayout.PAGE_BYTES - offset, address + length - at);
      bytes.put(pages.page(page).slice(offset, n));
      at += n;
    }
    return bytes.flip();
  }

  // ---------------------------------------------------------------- buckets

  /** An array, with what is known of its chains. */
  private final class Chains {
    final ArrayDescriptor array;
    final int mask;
    final int limit;
    private final int perExtent;
    private final int[] pages;
    private final BitSet reached = new BitSet();

    /** Roots whose chain leads to a damaged bucket. */
    final BitSet broken = new BitSet();

    Chains(ArrayDescriptor array) {
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
              Math.min(
                  array.nextOverflow(), (long) (array.firstExtent() + pages.length) * perExtent);
    }

    /** A bucket, or null if it is damaged or not there. */
    @Nullable ByteBuffer bucket(int number) throws IOException {
      int extent = number / perExtent - array.firstExtent();
      if (number < 0 || extent < 0 || extent >= pages.length) {
        return null;
      }
      long address =
          PageLayout.addressOf(pages[extent]) + (long) (number % perExtent) * layout.bytes();
      return read(address, layout.bytes());
    }

    /** Hands over a root's chain up to its end or to a damaged bucket. */
    void walk(int root, Consumer consumer) throws IOException {
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
    void walkOrphans(Consumer consumer) throws IOException {
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
    private void slots(ByteBuffer bucket, int number, int root, Consumer consumer)
        throws IOException {
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        int top = Byte.toUnsignedInt(bucket.get(i));
        if (top >= BucketLayout.MIN_TOP_HASH) {
          slot(bucket, number, i, top, root, consumer);
        }
      }
    }

    private void slot(ByteBuffer bucket, int number, int i, int top, int root, Consumer consumer)
        throws IOException {
      Geometry g = geometry();
      byte[] key = new byte[g.keyWidth()];
      byte[] value = new byte[g.valueWidth()];
      if (layout.keysInline()) {
        bucket.get(layout.key(i), key);
      }
      if (layout.valuesInline()) {
        bucket.get(layout.value(i), value);
      }
      if (layout.hasEntries()) {
        long address = EntryLayout.address(bucket.getLong(layout.reference(i)));
        ByteBuffer entry = entry(address);
        if (entry == null) {
          find(
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
  }

  private static String shown(byte[] key) {
    String hex = HexFormat.of().formatHex(key, 0, Math.min(key.length, MAX_KEY_SHOWN));
    return key.length > MAX_KEY_SHOWN ? hex + "..." : hex;
  }

  /** An entry, or null if it is damaged. */
  private @Nullable ByteBuffer entry(long address) throws IOException {
    Map.Entry<Integer, ExtentRecord> at = byPage.floorEntry(PageLayout.pageOf(address));
    if (at == null) {
      return null;
    }
    long end = PageLayout.addressOf(at.getKey()) + ExtentLayout.payloadBytes(at.getValue().order());
    if (address + EntryLayout.HEADER_BYTES > end) {
      return null;
    }
    ByteBuffer head = read(address, EntryLayout.HEADER_BYTES);
    if (head == null) {
      return null;
    }
    long bytes =
        EntryLayout.HEADER_BYTES
            + (long) (head.getShort(EntryLayout.KEY_LENGTH) & 0xFFFF)
            + Integer.toUnsignedLong(head.getInt(EntryLayout.VALUE_LENGTH));
    return address + bytes > end ? null : read(address, (int) bytes);
  }

  /** Hands over every intact entry of the state, in no order. */
  public void forEachEntry(Consumer consumer) throws IOException {
    HmapFields fields = header.hmap();
    Chains current = new Chains(fields.buckets());
    Chains old = fields.oldbuckets().exists() ? new Chains(fields.oldbuckets()) : null;
    for (int root = 0; root <= (old == null ? current.mask : old.mask); root++) {
      if (old == null) {
        current.walk(root, consumer);
      } else {
        walkEither(old, current, root, consumer);
      }
    }
    current.walkOrphans(consumer);
    if (old != null) {
      old.walkOrphans(consumer);
    }
  }

  private void walkEither(Chains old, Chains current, int root, Consumer consumer)
      throws IOException {
    if ((root & current.mask) >= header.hmap().nevacuate()) {
      ByteBuffer bucket = old.bucket(root);
      if (bucket == null) {
        return; // whether it was evacuated is lost with it
      }
      if (!BucketLayout.isEvacuated(Byte.toUnsignedInt(bucket.get(0)))) {
        old.walk(root, consumer);
        return;
      }
    }
    for (int to = root; to <= current.mask; to += old.mask + 1) {
      current.walk(to, consumer);
    }
  }

  // ---------------------------------------------------------------- log

  /**
   * Hands over the operations since the state, up to the first that is damaged or torn.
   *
   * @param handler see {@link LogReader}
   */
  public void followLog(LogReader.Handler handler) throws IOException {
    if (log == null) {
      if (header.hmap().hashWriting()) {
        find(-1, "%s is missing: what was written last is lost".formatted(names.log()));
      }
      return;
    }
    LogPosition end = new LogReader(log, log.scan()).read(header.log(), handler);
    StoreHeader newest = HeaderSlots.read(data, names).newest();
    if (end.lsn() < newest.log().lsn()) {
      find(
          -1,
          "the log ends at %,d, before state %d at %,d: what lies between is lost"
              .formatted(end.lsn(), newest.generation(), newest.log().lsn()));
    }
  }

  @Override
  public void close() throws IOException {
    try (StoreLock _ = lock;
        LogFile _ = log) {
      data.close();
    }
  }
}
