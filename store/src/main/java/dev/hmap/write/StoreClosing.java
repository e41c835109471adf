package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.checkpoint.OwnFile;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.OpenedStore;
import java.io.IOException;

/**
 * Closes a store: a last checkpoint of all that it holds, in a file as short as can be; then the
 * log is not needed any more, and goes. Writer thread only.
 */
final class StoreClosing {
  private final OpenedStore store;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final CheckpointSchedule schedule;
  private final GrowthPreparation preparation;
  private final Failure failure;

  StoreClosing(
      OpenedStore store,
      StoreLog log,
      Checkpointer checkpointer,
      CheckpointSchedule schedule,
      GrowthPreparation preparation,
      Failure failure) {
    this.store = store;
    this.log = log;
    this.checkpointer = checkpointer;
    this.schedule = schedule;
    this.preparation = preparation;
    this.failure = failure;
  }

  /** Closes it; whatever fails, its files are. */
  void run() throws IOException {
    preparation.giveUp();
    log.awaitForce();
    try {
      store.lock().check();
      boolean isWhole = !failure.isSet() && checkpointEverything();
      store.space().close();
      if (isWhole) {
        cutFiles();
      }
    } finally {
      releaseAll();
    }
  }

  /** Makes a checkpoint of everything; false if the log must stay. */
  private boolean checkpointEverything() throws IOException {
    LogWriter open = log.writer();
    LogFile file = log.file();
    if (open == null || file == null) {
      return true; // nothing was written
    }
    if (schedule.finish()) {
      if (checkpointer.isClean()) {
        return true;
      }
      store.map().trim();
      if (checkpointer.begin(open.end(), file, 0) && checkpointer.finish()) {
        return true;
      }
    }
    open.force();
    return false;
  }

  /** What is not needed any more goes, unless a reader is looking at it; then it does no harm. */
  private void cutFiles() throws IOException {
    if (!store.lock().tryGuard()) {
      return;
    }
    try {
      OwnFile.check(store.lock(), store.data(), checkpointer.durable());
      if (!store.space().holdsFile()) {
        store.data().resize(checkpointer.durable().fileBytes());
      }
      LogFile file = log.file();
      if (file != null) {
        ForceFailedException.force(store.data());
        if (file.isAt(store.names().log())) {
          store.fileSystem().delete(store.names().log());
          ForceFailedException.forceFolder(store.fileSystem(), store.names().folder());
        }
      }
    } finally {
      store.lock().releaseGuard();
    }
  }

  /** Gives up what is under way, and closes the files. */
  void releaseAll() throws IOException {
    preparation.giveUp();
    schedule.giveUpGivingBack();
    checkpointer.giveUp();
    try (StoreLock _ = store.lock();
        StoreFile _ = store.data();
        LogFile _ = log.file();
        LogWriter _ = log.writer()) {
      store.space().close();
    }
  }
}
