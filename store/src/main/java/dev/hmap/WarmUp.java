package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.event.Log;
import dev.hmap.format.Operation;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.Store;
import dev.hmap.store.WritableStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import dev.hmap.table.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Goes the way of a caller once, on a thread with room on its stack. A class whose initializer is
 * cut off by a {@link StackOverflowError} is lost to the JVM for good; so none is left to be
 * initialized by whoever happens to be the first to call.
 */
final class WarmUp {
  private static volatile boolean isDone;

  private WarmUp() {}

  /** Does so, unless it was done before. */
  static void once(Store store) {
    if (isDone) {
      return;
    }
    try {
      read(store);
      initialize();
      if (store instanceof WritableStore writable) {
        writable.awaitSubmitted();
        isDone = true;
      }
    } catch (HMapException e) {
      Log.debug(
          () -> "what was read first is damaged: " + e); // whoever reads it gets the exception
    }
  }

  private static void read(Store store) {
    KeyBytes key = new KeyBytes(new byte[store.geometry().keyWidth()]);
    boolean _ = store.reader().find(key, new ValueCopy());
    MemorySegment _ = store.reader().read(key, segment -> segment);
    store.reader().prefetch(List.of(key));
  }

  private static void initialize() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (Class<?> type :
          List.of(
              BasicCodecs.class,
              EntryBytes.class,
              HmapIterator.class,
              Operation.class,
              Uninterruptibly.class,
              RecordCodec.class,
              OperationBatch.class,
              StagedBatch.class,
              StoreBean.class,
              StoreMap.class,
              ViewSpliterator.class,
              WordCodec.class,
              Words.class)) {
        var _ = lookup.ensureInitialized(type);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
