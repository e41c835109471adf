package dev.hmap.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hmap.TestClock;
import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.Operation;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link StoreWriter} is made of, without its thread: the test does what the writer would,
 * one step after the other. Keys and values are texts.
 */
final class SmallWriter implements AutoCloseable {
  /** Where the store is. */
  static final FileNames NAMES = new FileNames(Path.of("/store.hmap"));

  /** What the clock says at first. */
  static final long START = 1_700_000_000_000L;

  /** Each batch is forced. */
  static final WriterOptions SYNC = options(true, 0, 1 << 20);

  /** None is, but by the writer's thread after hours. */
  static final WriterOptions ASYNC = options(false, TimeUnit.HOURS.toNanos(1), 1 << 20);

  private static final long PRIVATE_MEMORY = 64 << 20;
  private static final long SALT = 7;

  final WatchedFiles files = new WatchedFiles();
  final TestClock clock = new TestClock(START);
  final OpenedStore store;
  final Hmap map;
  final OperationApplier applier;
  final Failure failure;
  final StoreLog log;
  final Checkpointer checkpointer;
  final CheckpointSchedule schedule;
  final ExpirySweep sweep;
  final GroupCommit groupCommit;
  final GrowthPreparation preparation;

  /** Of an empty store whose entries live for ever. */
  SmallWriter(WriterOptions options) {
    this(options, 0);
  }

  /** Of an empty store whose entries live as long as is said. */
  SmallWriter(WriterOptions options, long timeToLiveMillis) {
    create(files, timeToLiveMillis);
    store = Recovery.open(files, NAMES, true, null);
    map = store.map();
    map.setTime(clock.time());
    WriterParts parts = new WriterParts(store, options, clock.nanos(), SALT, () -> {});
    applier = parts.applier;
    failure = parts.failure;
    log = parts.log;
    checkpointer = parts.checkpointer;
    schedule = parts.schedule;
    sweep = parts.sweep;
    groupCommit = parts.groupCommit;
    preparation = parts.preparation;
  }

  /** Makes an empty store. */
  static void create(WatchedFiles files, long timeToLiveMillis) {
    Geometry geometry = new Geometry(0, 0, "text", "text", timeToLiveMillis);
    Creation.create(files, NAMES, geometry, 0, new Creation.Seeds(1, 2, 3, LogHead.NONE));
  }

  static WriterOptions options(boolean sync, long syncIntervalNanos, long maxLogBytes) {
    return new WriterOptions(sync, syncIntervalNanos, () -> PRIVATE_MEMORY, maxLogBytes, false);
  }

  /** A write that puts a value, where entries live for ever. */
  static Write put(String key, String value) {
    return write(Operation.PUT, key, value);
  }

  /** A write that removes a key, where entries live for ever. */
  static Write remove(String key) {
    return write(Operation.REMOVE, key, "");
  }

  /** A write that removes all. */
  static Write clear() {
    return write(Operation.CLEAR, "", "a seed..");
  }

  private static Write write(int kind, String key, String value) {
    Write write = new Write();
    byte[] k = key.getBytes(UTF_8);
    byte[] v = value.getBytes(UTF_8);
    Operation.put(write.begin(Operation.HEADER_BYTES + k.length + v.length, false), 0, kind, k, v);
    return write;
  }

  /** A write that puts an empty value with a stamp, which is not set yet. */
  static Write putStamped(String key) {
    return write(Operation.PUT, key, "\0".repeat(Long.BYTES));
  }

  /** Commits writes as one batch. */
  void commit(Write... writes) {
    for (Write write : writes) {
      groupCommit.add(write);
    }
    groupCommit.commit();
  }

  /** Applies a put that takes place at a time, as if it had been logged. */
  void applyStamped(String key, long time) {
    Write write = putStamped(key);
    Operation.setTime(write.bytes, 0, time);
    applier.apply(write.bytes, 0, write.length, write.outcome);
  }

  @Override
  public void close() {
    checkpointer.giveUp();
    store.close();
  }
}
