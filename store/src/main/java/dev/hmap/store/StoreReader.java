package dev.hmap.store;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.Geometry;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.HmapReader;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.SegmentSink;
import dev.hmap.table.ValueSink;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads an open store. Turns what befalls a reader of memory into exceptions of hmap's.
 *
 * <p>A followed store is reopened now and then. While it is, the file may change under the old
 * mapping; so what was read counts only if the opening it was read from is still the current one.
 * Any thread.
 */
public final class StoreReader {
  /** A store that is open, and a reader of it. */
  private static final class Opening {
    final OpenedStore store;
    final HmapReader reader;

    Opening(OpenedStore store, HmapReader reader) {
      this.store = store;
      this.reader = reader;
    }
  }

  private final Geometry geometry;
  private final boolean showsStamps;
  private final ReentrantLock reopening = new ReentrantLock();
  private volatile OpenedStore opened;

  /** Null while the store is reopened, and once it is closed. */
  private volatile @Nullable Opening opening;

  private volatile boolean isClosed;

  /**
   * A reader of what recovery has opened.
   *
   * @param showsStamps whether values are read with their stamps, if entries expire
   */
  StoreReader(OpenedStore opened, boolean showsStamps) {
    this.geometry = opened.header().geometry();
    this.showsStamps = showsStamps;
    this.opened = opened;
    this.opening = opening(opened);
  }

  private Opening opening(OpenedStore store) {
    return new Opening(store, showsStamps ? store.map().stampReader() : store.map().reader());
  }

  // ---------------------------------------------------------------- look-ups

  /**
   * Looks a key up.
   *
   * @param into takes the value; null if it is not wanted
   * @return whether the key is present
   */
  public boolean find(KeyBytes key, @Nullable ValueSink into) {
    while (true) { // compiled code may tell of memory that is not there only after the look-up
      Opening at = current();
      try {
        return findOnce(key, into);
      } catch (InternalError e) {
        check(at, e);
      }
    }
  }

  /** Has a function read a key's value where it lies; null if the key is absent. */
  public <R> @Nullable R read(KeyBytes key, Function<? super MemorySegment, ? extends R> function) {
    SegmentSink<R> sink = new SegmentSink<>(function);
    while (true) {
      Opening at = current();
      if (!findOnce(key, sink)) {
        return null;
      }
      try {
        return sink.result();
      } catch (InternalError e) {
        if (!String.valueOf(e.getMessage()).contains("unsafe memory access")) {
          throw e; // the function's own
        }
        check(at, e); // the JVM's for memory that is not there
      }
    }
  }

  /** {@link #withReader} of one key, spelt out: what is called most makes no objects. */
  private boolean findOnce(KeyBytes key, @Nullable ValueSink into) {
    while (true) {
      Opening at = current();
      try {
        boolean found = at.reader.get(key, into);
        if (isCurrent(at)) {
          return found;
        }
      } catch (IllegalStateException
          | IndexOutOfBoundsException
          | InternalError
          | StoreCorruptException
          | StoreFailedException e) {
        check(at, e);
      }
    }
  }

  /** The value of a key, or {@code absent}, where both have eight bytes. */
  public long getLong(long key, long absent) {
    return longLookUp(key, true, absent);
  }

  /** Whether a key of eight bytes is present. */
  public boolean containsLong(long key) {
    return longLookUp(key, false, 0) != 0;
  }

  private long longLookUp(long key, boolean wantsValue, long absent) {
    while (true) {
      try {
        return longLookUpOnce(key, wantsValue, absent);
      } catch (InternalError e) { // as in find
        check(current(), e);
      }
    }
  }

  private long longLookUpOnce(long key, boolean wantsValue, long absent) {
    while (true) {
      Opening at = current();
      try {
        long found = at.reader.longLookUp(key, wantsValue, absent);
        if (isCurrent(at)) {
          return found;
        }
      } catch (IllegalStateException
          | IndexOutOfBoundsException
          | InternalError
          | StoreCorruptException
          | StoreFailedException e) {
        check(at, e);
      }
    }
  }

  /** Has the buckets of some keys loaded, all at once. */
  public void prefetch(List<KeyBytes> keys) {
    prefetch(reader -> reader.prefetch(keys));
  }

  /** The same for keys of eight bytes. */
  public void prefetch(long[] keys) {
    prefetch(reader -> reader.prefetch(keys));
  }

  private void prefetch(Consumer<HmapReader> look) {
    var _ =
        withReader(reader -> {
          look.accept(reader);
          return true;
        });
  }

  /** The number of entries, with those that have expired and are not removed yet. */
  public long count() {
    return current().store.map().count();
  }

  /** Whether there is no entry that has not expired. */
  public boolean isEmpty() {
    return geometry.expires() ? next(iterator()) == null : count() == 0;
  }

  /** The user's mark. */
  public byte[] mark() {
    return current().store.map().mark().clone();
  }

  // ---------------------------------------------------------------- iterating

  /** An iterator over all entries. */
  public HmapIterator iterator() {
    return withReader(HmapIterator::new);
  }

  /** The next entry, or null at the end. */
  public @Nullable EntryBytes next(HmapIterator iterator) {
    EntryBytes copied = nextCopied(iterator);
    return copied == null ? nextRead(iterator) : copied;
  }

  /** The way of most, without objects. */
  private @Nullable EntryBytes nextCopied(HmapIterator iterator) {
    Opening at = current();
    try {
      EntryBytes copied = iterator.peek(at.reader);
      if (copied != null && isCurrent(at)) {
        iterator.take();
        return copied;
      }
    } catch (InternalError e) {
      check(at, e);
    }
    return null;
  }

  private @Nullable EntryBytes nextRead(HmapIterator iterator) {
    HmapIterator place = opened.isWritable() ? iterator : iterator.copy();
    EntryBytes[] found = new EntryBytes[1];
    boolean any =
        withReader(reader -> {
          iterator.resumeAt(place, reader);
          EntryBytes next = iterator.next();
          if (next != null) {
            found[0] = next;
          }
          return next != null;
        });
    return any ? found[0] : null;
  }

  /** The entry that an iterator returned last, as it is now; null if it is gone. */
  public @Nullable EntryBytes current(HmapIterator iterator, EntryBytes returned) {
    return isUntouched(iterator, returned) ? returned : currentRead(iterator, returned);
  }

  private boolean isUntouched(HmapIterator iterator, EntryBytes returned) {
    Opening at = current();
    try {
      return iterator.isUntouched(returned, at.reader) && isCurrent(at);
    } catch (InternalError e) {
      check(at, e);
      return false;
    }
  }

  private @Nullable EntryBytes currentRead(HmapIterator iterator, EntryBytes returned) {
    EntryBytes[] found = new EntryBytes[1];
    boolean any =
        withReader(reader -> {
          iterator.resumeAt(iterator, reader);
          EntryBytes now = iterator.current(returned);
          if (now != null) {
            found[0] = now;
          }
          return now != null;
        });
    return any ? found[0] : null;
  }

  /** Half of what an iterator has left, or null. */
  public @Nullable HmapIterator split(HmapIterator iterator) {
    checkOpen();
    return iterator.split();
  }

  // ---------------------------------------------------------------- which opening counts

  private <T> T withReader(Function<HmapReader, T> work) {
    while (true) {
      try {
        return withReaderOnce(work);
      } catch (InternalError e) { // as in find
        check(current(), e);
      }
    }
  }

  private <T> T withReaderOnce(Function<HmapReader, T> work) {
    while (true) {
      Opening at = current();
      try {
        T result = work.apply(at.reader);
        if (isCurrent(at)) {
          return result;
        }
      } catch (IllegalStateException
          | IndexOutOfBoundsException
          | InternalError
          | StoreCorruptException
          | StoreFailedException e) {
        check(at, e);
      }
    }
  }

  /** The opening to read from; waits while the store is reopened. */
  private Opening current() {
    while (true) {
      Opening at = opening;
      if (at != null) {
        return at;
      }
      reopening.lock(); // until whoever reopens it is done
      try {
        checkOpen();
      } finally {
        reopening.unlock();
      }
    }
  }

  /**
   * Whether what was read counts: a closed mapping may stay for a while, with other bytes. The
   * fence keeps the loads before it; it pairs with the volatile store that takes the opening away,
   * or closes the reader.
   */
  private boolean isCurrent(Opening at) {
    VarHandle.loadLoadFence();
    return opening == at;
  }

  /** Throws what befell a read, unless its opening was taken away: then it begins again. */
  private void check(Opening at, Throwable thrown) {
    checkOpen(); // unmapped under our hands
    if (!isCurrent(at)) {
      return;
    }
    if (thrown instanceof HMapException e) {
      throw e;
    }
    if (thrown instanceof IllegalStateException e) {
      throw e;
    }
    throw StoreFailures.damaged(opened.names(), thrown);
  }

  /**
   * Reopens the store: from when {@code reopen} is called until it returns, reads of other threads
   * wait. One thread at a time.
   *
   * @param reopen takes the store as it was, and returns the new one
   */
  void reopen(Function<OpenedStore, OpenedStore> reopen) {
    reopening.lock();
    try {
      OpenedStore before = opened;
      opening = null;
      // whoever waits there for a change to end goes on here
      before.map().setBroken(new StoreClosedException("the store was reopened"));
      OpenedStore after = reopen.apply(before);
      opened = after;
      opening = opening(after);
      if (isClosed) { // meanwhile
        opening = null;
      }
    } finally {
      reopening.unlock();
    }
  }

  /** Checks that the store is open. */
  public void checkOpen() {
    if (isClosed) {
      throw new StoreClosedException(opened.names().data() + " is closed");
    }
  }

  /** Has every further call throw. */
  void close() {
    isClosed = true;
    opening = null;
  }

  /** Whether the store is closed. */
  public boolean isClosed() {
    return isClosed;
  }

  OpenedStore opened() {
    return opened;
  }

  Geometry geometry() {
    return geometry;
  }
}
