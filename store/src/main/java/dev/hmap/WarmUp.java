package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.event.Log;
import dev.hmap.format.Operation;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.HmapReader;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.SegmentSink;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.StoreWriter;
import dev.hmap.write.Write;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes the way of a caller once, on a thread with room on its stack. A class whose initializer is
 * cut off by a {@link StackOverflowError} is lost to the JVM for good; so none is left to be
 * initialized by whoever happens to be the first to call.
 */
final class WarmUp {
  private static volatile boolean isDone;

  private WarmUp() {}

  /**
   * Does so, unless it was done before.
   *
   * @param writer null if the map is open for reading only
   */
  static void once(Hmap map, @Nullable StoreWriter writer) {
    if (isDone) {
      return;
    }
    try {
      read(map.reader());
      initialize();
      if (writer != null) {
        writer.execute(Write.barrier());
        isDone = true;
      }
    } catch (HMapException | IndexOutOfBoundsException | InternalError e) {
      Log.debug(() -> "what was read first is damaged: " + e); // whoever reads it is told so
    }
  }

  private static void read(HmapReader reader) {
    KeyBytes key = new KeyBytes(new byte[reader.keyBytes()]);
    boolean _ = reader.get(key, new ValueCopy());
    boolean _ = reader.get(key, new SegmentSink<>(segment -> segment));
    reader.touch(List.of(key));
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
              StagedBatch.class,
              StoreBean.class,
              StoreMap.class,
              ViewSpliterator.class,
              WordCodec.class,
              WritePool.class)) {
        var _ = lookup.ensureInitialized(type);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
