package dev.hmap.recovery;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.Operation;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.OperationApplier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A store of longs that is open for writing and driven by hand, so that a test may stop between any
 * two steps. What its files hold then is what a crash leaves. It has one bucket, in page 2; page 3
 * holds the directory of generation 1.
 */
public final class SmallStore implements AutoCloseable {
  /** Its files. */
  public static final FileNames NAMES = new FileNames(Path.of("/small.hmap"));

  /** What it holds. */
  public static final Geometry LONGS = new Geometry(Long.BYTES, Long.BYTES, "long", "long");

  /** What is random elsewhere: its id is 1 and 2. */
  public static final Creation.Seeds SEEDS = new Creation.Seeds(1, 2, 3, LogHead.NONE);

  private static final long SALT = 4;

  private final OpenedStore opened;
  private final LogFile log;
  private final LogWriter writer;
  private final OperationApplier applier;
  private final Checkpointer checkpointer;

  private SmallStore(OpenedStore opened, LogFile log) {
    this.opened = opened;
    this.log = log;
    writer = new LogWriter(log, opened.end(), List.of(), SALT, true);
    applier = new OperationApplier(opened.map());
    checkpointer = checkpointer(opened, opened.lock());
  }

  /** A checkpointer for a store that was opened, under some lock. */
  public static Checkpointer checkpointer(OpenedStore opened, StoreLock lock) {
    return new Checkpointer(
        NAMES.absolute(),
        opened.map(),
        opened.space(),
        opened.dirty(),
        opened.data(),
        lock,
        opened.header(),
        opened.extents(),
        SALT,
        () -> {});
  }

  /** Creates an empty store and opens it; the log has two slots. */
  public static SmallStore create(FileSystem fileSystem) throws IOException {
    Creation.create(fileSystem, NAMES, LONGS, 0, SEEDS);
    OpenedStore opened = Recovery.open(fileSystem, NAMES, true, null);
    LogHead head = LogHead.of(opened.header());
    LogFile log = LogFile.create(fileSystem.open(NAMES.log(), Mode.CREATE), head, 0);
    log.release(log.acquire(2)); // one for records, one for images
    return new SmallStore(opened, log);
  }

  /** Logs a put and applies it. The first one marks the store. */
  public void put(long key, long value) throws IOException {
    checkpointer.markWriting();
    byte[] operation = new byte[Operation.HEADER_BYTES + 2 * Long.BYTES];
    Operation.put(operation, 0, Operation.PUT, bytes(key), bytes(value));
    writer.add(operation, 0, operation.length);
    writer.reserve();
    writer.commit();
    writer.force();
    applier.apply(operation);
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /** Begins a checkpoint. */
  public boolean beginCheckpoint() {
    return checkpointer.begin(writer.end(), log, HmapFields.FLAG_HASH_WRITING);
  }

  /** Makes a checkpoint, from its beginning to its end. */
  public boolean checkpoint() {
    return beginCheckpoint() && checkpointer.finish();
  }

  /** Makes a checkpoint that is committed, and not put in place. Nothing can be done after it. */
  public void checkpointBesideReader(MemoryFiles files) {
    files.setReadersAbout();
    checkpointer.setClosing();
    checkpoint();
  }

  /** The header that a checkpoint would write after another, if nothing but the flags changed. */
  public static StoreHeader successor(StoreHeader before, int flags) {
    return new StoreHeader(
        before.generation() + 1,
        before.storeIdHigh(),
        before.storeIdLow(),
        before.former(),
        before.geometry(),
        before.filePages(),
        before.directory(),
        before.log(),
        before.hmap().withFlags(flags),
        before.horizon(),
        before.time());
  }

  /** Its checkpoints. */
  public Checkpointer checkpointer() {
    return checkpointer;
  }

  /** As recovery opened it. */
  public OpenedStore opened() {
    return opened;
  }

  /** Its log. */
  public LogFile log() {
    return log;
  }

  /** Where the log ends. */
  public LogPosition end() {
    return writer.end();
  }

  /** The files as a crash at this moment leaves them: the process is gone, and so are its locks. */
  public static MemoryFiles crash(MemoryFiles files) {
    MemoryFiles left = new MemoryFiles();
    left.put(NAMES.data(), files.copy(NAMES.data()));
    left.put(NAMES.log(), files.copy(NAMES.log()));
    return left;
  }

  /** All that an open store holds. */
  public static Map<Long, Long> content(OpenedStore store) {
    Map<Long, Long> content = new TreeMap<>();
    HmapIterator entries = new HmapIterator(store.map().reader());
    for (EntryBytes e = entries.next(); e != null; e = entries.next()) {
      content.put(ByteBuffer.wrap(e.key()).getLong(), ByteBuffer.wrap(e.value()).getLong());
    }
    return content;
  }

  /** Lets go of the files as they are. */
  @Override
  public void close() throws IOException {
    checkpointer.giveUp();
    writer.close();
    log.close();
    opened.close();
  }
}
