package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Operation;
import dev.hmap.log.LogWriter;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;

/** Removes what has expired while there are no writes. Writer thread only. */
final class IdleSweep {
  private static final int STEPS = 256;
  private static final int CHAINS_PER_STEP = 2;

  private final Hmap map;
  private final OperationApplier applier;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final ExpirySweep sweep;
  private final Failure failure;
  private final BooleanSupplier isIdle;

  /**
   * A sweep.
   *
   * @param isIdle whether no write has come
   */
  IdleSweep(
      Hmap map,
      OperationApplier applier,
      StoreLog log,
      Checkpointer checkpointer,
      ExpirySweep sweep,
      Failure failure,
      BooleanSupplier isIdle) {
    this.map = map;
    this.applier = applier;
    this.log = log;
    this.checkpointer = checkpointer;
    this.sweep = sweep;
    this.failure = failure;
    this.isIdle = isIdle;
  }

  /** Sweeps, looking after each step whether a write has come. Does not throw. */
  void run() {
    try {
      sweep.readClock();
      for (int i = 0; i < STEPS && !failure.isSet() && sweep.isDue(); i++) {
        if (!isIdle.getAsBoolean()) {
          return;
        }
        if (map.isGrowing() && !isEvacuationSecured()) {
          sweep.postpone(); // writes will meet that too, if it lasts
          return;
        }
        if (sweep.stepToHorizon(CHAINS_PER_STEP)) {
          advanceHorizon();
        }
      }
    } catch (IOException e) {
      sweep.postpone(); // no room to log it: writes will meet that too, if it lasts
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  /** Logs that the horizon is now. Not forced: whatever a later write relies on is, with it. */
  private void advanceHorizon() throws IOException {
    byte[] expire = Operation.expire(sweep.now());
    LogWriter open = log.open();
    open.add(expire, 0, expire.length);
    try {
      open.reserve();
    } catch (IOException e) {
      open.forget();
      throw e;
    }
    try {
      checkpointer.markWriting();
      open.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // whatever it was, it is not tried again
    }
    applier.apply(expire);
  }

  private boolean isEvacuationSecured() {
    try {
      map.secureEvacuation();
      return true;
    } catch (StoreFullException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
