package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.checkpoint.GivingBack;
import dev.hmap.format.Geometry;
import dev.hmap.recovery.FailedForce;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import java.util.function.LongSupplier;

/** What the writer of a store works with, wired together. Writer thread only, but for failure. */
final class WriterParts {
  final Failure failure;
  final OperationApplier applier;
  final StoreLog log;
  final Checkpointer checkpointer;
  final CheckpointSchedule schedule;

  /** Whether operations take place at the writer's time. */
  final boolean isStamping;

  final ExpirySweep sweep;
  final GroupCommit groupCommit;
  final GrowthPreparation preparation;

  /**
   * The parts for a store.
   *
   * @param nanos like {@link System#nanoTime}: a clock that nobody sets
   * @param salt of the log's segments from now on
   * @param wake called when the checkpoint's own thread has come further
   */
  WriterParts(
      OpenedStore store, WriterOptions options, LongSupplier nanos, long salt, Runnable wake) {
    Hmap map = store.map();
    failure =
        new Failure(
            store.names(),
            why -> {
              FailedForce.mark(store.fileSystem(), store.names(), store.header().storeIdLow(), why);
              map.setBroken(why);
            });
    applier = new OperationApplier(map);
    log = new StoreLog(store, options, salt, failure);
    checkpointer =
        new Checkpointer(
            store.names().absolute(),
            map,
            store.space(),
            store.dirty(),
            store.data(),
            store.lock(),
            store.header(),
            store.extents(),
            salt,
            wake);
    GivingBack givingBack = new GivingBack(store.names().absolute(), store.space(), store.dirty());
    preparation =
        new GrowthPreparation(
            map, store.space(), store.dirty(), givingBack, options.privateMemory(), nanos);
    schedule = new CheckpointSchedule(store, options, checkpointer, log, givingBack, preparation);
    Geometry geometry = store.header().geometry();
    isStamping = geometry.expires() && !options.keepsStamps();
    long before = store.header().time();
    TrustedClock clock = new TrustedClock(map.time(), nanos, before == 0 ? Long.MAX_VALUE : before);
    sweep = new ExpirySweep(map, clock, geometry, isStamping);
    groupCommit =
        new GroupCommit(
            store.names(),
            applier,
            map,
            log,
            checkpointer,
            sweep,
            failure,
            options.sync(),
            isStamping);
  }
}
