package dev.hmap.crash;

import dev.hmap.HMap;
import dev.hmap.TestClock;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Recovery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Gives a script to a map whose file system fails, and sees that each operation succeeds or says
 * why not, and that what it said is so once the store is reopened.
 */
final class FaultRun<K, V> {
  private final Shape<K, V> shape;
  private final Workload workload;
  private final long seed;
  private final SimulatedFileSystem simulated;
  private final FaultyFileSystem faulty;
  private final List<Step> done = new ArrayList<>();
  private final List<CompletableFuture<Void>> checkpoints = new ArrayList<>();

  /** The operation that failed when the store did: it may be there or not. */
  private Step uncertain;

  private final Map<Long, Integer> offsets = new HashMap<>();

  private final TestClock clock = new TestClock(0);
  private final List<BesideReader> readers = new ArrayList<>();
  private HMapException refusal;
  private int backups;
  private boolean hasFailed;
  private int refused;
  private HMap<K, V> map;

  FaultRun(
      Shape<K, V> shape,
      Workload workload,
      long seed,
      SimulatedFileSystem simulated,
      FaultyFileSystem faulty) {
    this.shape = shape;
    this.workload = workload;
    this.seed = seed;
    this.simulated = simulated;
    this.faulty = faulty;
    if (workload.isLogMapped()) {
      simulated.setLogMapped();
    }
  }

  /** How many operations were refused for want of room. */
  int refused() {
    return refused;
  }

  /** Whether the store refused all writes in the end. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** Runs the script, then opens the store on a sound disk and compares. */
  void run(List<Step> script) {
    if (open()) {
      int afterFailure = 0;
      for (Step step : script) {
        step(step);
        if (hasFailed && ++afterFailure == 5) {
          break;
        }
      }
      close();
    }
    leave();
    faulty.heal();
    verify();
  }

  private boolean open() {
    for (int attempt = 0; attempt < 100; attempt++) {
      if (isMarked()) {
        leave(); // after a failed force an opening may have to wait for readers
      }
      try {
        map =
            CrashMaps.open(
                faulty,
                Runner.STORE,
                shape.keys,
                shape.values,
                workload.durability,
                workload.syncInterval(seed),
                0,
                clock);
        return true;
      } catch (HMapException e) {
        if (!faulty.hasStruck()) {
          throw new AssertionError("could not be opened, though nothing failed", e);
        }
        refusal = e;
      } catch (OutOfMemoryError e) {
        if (!faulty.hasStruck()) {
          throw e;
        }
      }
    }
    return false; // all fails, from here on
  }

  private void close() {
    try {
      map.close();
    } catch (HMapException e) {
      hasFailed |= e instanceof StoreFailedException;
    }
    for (CompletableFuture<Void> checkpoint : checkpoints) {
      try {
        checkpoint.join();
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof HMapException)) {
          throw e;
        }
      }
    }
    checkpoints.clear();
  }

  private void step(Step step) {
    try {
      switch (step.kind()) {
        case SYNC -> map.sync();
        case BACKUP -> backup();
        case CHECKPOINT, CHECKPOINT_BESIDE, COMPACT_BESIDE -> {
          HMap<K, V> of = map;
          Runnable work = step.kind() == Step.Kind.COMPACT_BESIDE ? of::compact : of::checkpoint;
          checkpoints.add(
              CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().start(task)));
        }
        case READ -> readers.add(new BesideReader(simulated));
        case REFRESH -> readers.forEach(BesideReader::refresh);
        case LEAVE -> leave();
        case REOPEN, COMPACT, LEAVE_CLOSED, READ_CLOSING, READ_COMPACTING -> {
          if (!hasFailed) {
            if (step.kind() == Step.Kind.READ_CLOSING) {
              readers.add(new BesideReader(simulated));
            }
            close();
            boolean wasStruck = hasFailed;
            hasFailed = false;
            uncertain = wasStruck ? uncertain : null;
            if (step.kind() == Step.Kind.READ_COMPACTING) {
              readers.add(new BesideReader(simulated));
            }
            if (step.kind() == Step.Kind.COMPACT || step.kind() == Step.Kind.READ_COMPACTING) {
              compact();
            }
            if (step.kind() == Step.Kind.LEAVE_CLOSED) {
              leave();
            }
            if (!open()) {
              faulty.heal();
              if (!open()) {
                throw new AssertionError("cannot be opened on a sound disk", refusal);
              }
            }
          }
        }
        default -> operation(step);
      }
    } catch (StoreFullException e) {
      if (step.isOperation()) {
        throw new AssertionError(e);
      }
    } catch (StoreFailedException e) {
      hasFailed = true;
    }
  }

  /** Whether a force failed: then all must be in a checkpoint, and readers hold that up. */
  private boolean isMarked() {
    return simulated.exists(Oracle.NAMES.data())
        && simulated.exists(
            Oracle.NAMES.failed(Recovery.readHeader(simulated, Oracle.NAMES).storeIdLow()));
  }

  private void leave() {
    readers.forEach(BesideReader::close);
    readers.clear();
  }

  /** Copies the open store, which is none the worse if that fails. */
  private void backup() {
    try {
      map.backupTo(Runner.BACKUPS.get(backups).data());
      backups++;
    } catch (HMapException | OutOfMemoryError e) {
      if (!faulty.hasStruck()) {
        throw new AssertionError("could not be copied, though nothing failed", e);
      }
    }
  }

  /** Compacts the closed store; one that a fault cuts short leaves the old file or the new one. */
  private void compact() {
    long before = Recovery.readHeader(simulated, Oracle.NAMES).storeIdLow();
    try {
      CrashMaps.compact(faulty, Runner.STORE, clock);
    } catch (HMapException e) {
      if (!faulty.hasStruck()) {
        throw new AssertionError("could not be compacted, though nothing failed", e);
      }
    } catch (OutOfMemoryError e) {
      if (!faulty.hasStruck()) {
        throw e;
      }
    }
    StoreHeader header = Recovery.readHeader(simulated, Oracle.NAMES);
    if (header.storeIdLow() != before) {
      offsets.put(header.storeIdLow(), done.size() - ((int) header.log().sequence() - 1));
    }
  }

  private void operation(Step step) {
    try {
      Runner.apply(map, shape, step);
      if (hasFailed) {
        throw new AssertionError("written after the store failed: " + step);
      }
      done.add(step);
    } catch (StoreFullException e) {
      if (hasFailed) {
        throw new AssertionError("full after the store failed", e);
      }
      refused++;
    } catch (StoreFailedException e) {
      if (!faulty.hasStruck()) {
        throw new AssertionError("failed, though nothing did", e);
      }
      if (!hasFailed) {
        uncertain = step;
      }
      hasFailed = true;
      try {
        V unused = map.get(shape.key(step.key()));
        if (unused == null) {
          return;
        }
      } catch (StoreFailedException _) {
        // the entry was half changed
      }
    }
  }

  /** Opens the store on a sound disk, compares, writes, closes, and compares again. */
  private void verify() {
    boolean created = simulated.exists(Oracle.NAMES.data());
    List<Step> history = new ArrayList<>(done);
    if (uncertain != null) {
      history.add(uncertain);
    }
    Bounds bounds = new Bounds(!done.isEmpty(), done.size(), history.size());
    int prefix =
        Oracle.check(
            simulated, true, new History(shape, history, offsets, Logged.NOTHING), bounds, true);
    if (!created) {
      prefix = 0;
    }
    List<Step> all = new ArrayList<>(history.subList(0, prefix));
    History held = new History(shape, all, offsets, Logged.NOTHING);
    Model model = Model.after(held, prefix);
    List<Step> more = workload.more(seed, model, 5_000_000);
    History after =
        new Runner<>(
                shape, workload.durability, workload.syncInterval(seed), simulated, simulated, held)
            .run(more);
    var _ =
        Oracle.check(simulated, true, after, new Bounds(true, after.size(), after.size()), true);
  }
}
