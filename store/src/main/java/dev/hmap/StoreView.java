package dev.hmap;

import dev.hmap.error.EntryTooLargeException;
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
import dev.hmap.table.ValueCopy;
import dev.hmap.table.ValueSink;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a map: codecs on one side, bytes on the other. Turns what befalls a reader of
 * memory into exceptions of hmap's.
 *
 * <p>A follower's store is opened anew now and then. While it is, the file may change under the old
 * mapping; so what was read counts only if the opening it was read from is still the current one.
 * Any thread.
 */
final class StoreView<K, V> {
  /** How many keys' buckets are looked at before the first is looked up. */
  private static final int KEYS_AT_ONCE = 64;

  /** A store that is open, and a reader of it. */
  private static final class Opening {
    final OpenedStore store;
    final HmapReader reader;

    Opening(OpenedStore store, HmapReader reader) {
      this.store = store;
      this.reader = reader;
    }
  }

  private final Codec<K> keys;
  private final Codec<V> values;
  private final Geometry geometry;
  private final boolean isRaw;
  private final boolean areBytes;

  // Each set if keys, or values, have eight bytes.
  private final @Nullable WordCodec<K> keyWords;
  private final @Nullable WordCodec<V> valueWords;

  private final ReentrantLock reopening = new ReentrantLock();
  private volatile OpenedStore store;

  /** Null while the store is opened anew. */
  private volatile @Nullable Opening opening;

  private volatile boolean isClosed;

  StoreView(OpenedStore store, Codec<K> keys, Codec<V> values) {
    this.keys = keys;
    this.values = values;
    this.geometry = store.header().geometry();
    this.isRaw = values instanceof RawCodec;
    this.keyWords = keys instanceof WordCodec<K> words ? words : null;
    this.valueWords = values instanceof WordCodec<V> words ? words : null;
    this.areBytes = isRaw || Codec.BYTES.equals(values);
    this.store = store;
    this.opening = opening(store);
  }

  private Opening opening(OpenedStore opened) {
    return new Opening(opened, isRaw ? opened.map().stampReader() : opened.map().reader());
  }

  // ---------------------------------------------------------------- codecs

  byte[] encodeKey(K key) {
    byte[] bytes = keys.encode(Objects.requireNonNull(key, "key"));
    return checked("key", bytes, geometry.keyWidth(), Geometry.MAX_KEY_BYTES);
  }

  byte[] encodeValue(V value) {
    byte[] bytes = values.encode(Objects.requireNonNull(value, "value"));
    int hidden = stampBytes();
    int width = geometry.valueWidth() == 0 ? 0 : geometry.valueWidth() - hidden;
    return checked("value", bytes, width, Geometry.MAX_VALUE_BYTES - hidden);
  }

  /**
   * A value that another is to be compared with, as bytes; null if no value can be equal to it. In
   * a raw copy it bears no stamp. Only if they are {@linkplain #isCanonical canonical}.
   */
  byte @Nullable [] encodeExpected(Object value) {
    V expected = valueOf(value);
    try {
      return isRaw ? values.encode(expected) : encodeValue(expected);
    } catch (IllegalArgumentException | EntryTooLargeException _) {
      return null;
    }
  }

  /** Whether values are equal if their bytes are, and only then. */
  boolean isCanonical() {
    return isRaw || values instanceof CanonicalCodec<V> && values.isKey();
  }

  /** Whether the value of some bytes equals another one: by {@code equals}, arrays by content. */
  boolean isEqual(byte[] bytes, Object other) {
    return isEqual(decodeValue(bytes), other);
  }

  /** The same of a value. */
  boolean isEqual(V value, Object other) {
    return value instanceof byte[] own && other instanceof byte[] array
        ? Arrays.equals(own, array)
        : value.equals(other);
  }

  /** The value that a function made in place of another. */
  V nonNullValue(@Nullable V value) {
    return Objects.requireNonNull(value, "value");
  }

  /** The key that is looked for; null if it can be no key, and so is absent. */
  byte @Nullable [] encodeSought(Object key) {
    byte[] bytes;
    try {
      bytes = keys.encode(keyOf(key));
    } catch (IllegalArgumentException _) {
      return null;
    }
    return bytes.length > Geometry.MAX_KEY_BYTES
        ? null
        : checked("key", bytes, geometry.keyWidth(), Geometry.MAX_KEY_BYTES);
  }

  /** Bytes before each value that users do not see. */
  int stampBytes() {
    return isRaw ? 0 : geometry.stampBytes();
  }

  private static byte[] checked(String what, byte[] bytes, int width, int limit) {
    if (width > 0 && bytes.length != width) {
      throw new IllegalArgumentException(
          "a codec of width %d made a %s of %,d bytes".formatted(width, what, bytes.length));
    }
    if (bytes.length > limit) {
      throw new EntryTooLargeException(
          "%s of %,d bytes: the limit is %,d".formatted(what, bytes.length, limit));
    }
    return bytes;
  }

  /** Bytes of the time in a removal, before the value it expects. */
  int timeBytes() {
    return geometry.stampBytes();
  }

  /** The key that an untyped method was given; a {@link ClassCastException} tells a wrong type. */
  @SuppressWarnings("unchecked") // the codec casts it
  K keyOf(Object key) {
    return (K) Objects.requireNonNull(key, "key");
  }

  /** The value that an untyped method was given. */
  @SuppressWarnings("unchecked") // the codec casts it
  V valueOf(Object value) {
    return (V) Objects.requireNonNull(value, "value");
  }

  /** A value that a write found. */
  V decodePrevious(ValueCopy copy) {
    byte[] bytes = copy.bytes();
    int hidden = stampBytes();
    return values.decode(bytes, hidden, bytes.length - hidden);
  }

  private V decode(ValueCopy copy) {
    if (copy.isWord() && valueWords != null) {
      return valueWords.ofWord(copy.word());
    }
    byte[] bytes = copy.bytes();
    if (areBytes) {
      @SuppressWarnings("unchecked") // V is byte[], and the copy is nobody else's
      V own = (V) bytes;
      return own;
    }
    return values.decode(bytes, 0, bytes.length);
  }

  V decodeValue(byte[] bytes) {
    return decode(values, bytes);
  }

  K decodeKey(EntryBytes entry) {
    return decode(keys, entry.key);
  }

  /** The bytes are needed afterwards, and a user's codec may work in the array that it is given. */
  private static <T> T decode(Codec<T> codec, byte[] bytes) {
    boolean isOurs = codec instanceof CanonicalCodec<T> || codec instanceof RecordCodec<?>;
    return codec.decode(isOurs ? bytes : bytes.clone(), 0, bytes.length);
  }

  V decodeValue(EntryBytes entry) {
    return decodeValue(entry.value);
  }

  // ---------------------------------------------------------------- reading

  /** A key on its way through a look-up; null if it can be no key, and so is absent. */
  @Nullable KeyBytes key(Object key) {
    if (keyWords != null) {
      return KeyBytes.ofLong(keyWords.word(keyOf(key)));
    }
    byte[] bytes = encodeSought(key);
    return bytes == null ? null : new KeyBytes(bytes);
  }

  @Nullable V get(Object key) {
    KeyBytes sought = key(key);
    if (sought == null) {
      checkOpen();
      return null;
    }
    return get(sought);
  }

  /** The bytes of a key's value, without its stamp; null if it is absent. */
  byte @Nullable [] getBytes(byte[] key) {
    ValueCopy into = new ValueCopy();
    return findSurely(new KeyBytes(key), into) ? into.bytes() : null;
  }

  @Nullable V getEncoded(byte[] key) {
    return get(new KeyBytes(key));
  }

  private @Nullable V get(KeyBytes key) {
    ValueCopy into = new ValueCopy();
    return findSurely(key, into) ? decode(into) : null;
  }

  boolean containsKey(Object key) {
    KeyBytes sought = key(key);
    if (sought == null) {
      checkOpen();
      return false;
    }
    return findSurely(sought, null);
  }

  /** Compiled code may tell of memory that is not there only behind the look-up. */
  private boolean findSurely(KeyBytes key, @Nullable ValueSink into) {
    while (true) {
      Opening at = current();
      try {
        return find(key, into);
      } catch (InternalError e) {
        check(at, e);
      }
    }
  }

  <R> @Nullable R read(K key, Function<? super MemorySegment, ? extends R> function) {
    Objects.requireNonNull(function, "reader");
    KeyBytes encoded = key(Objects.requireNonNull(key, "key"));
    if (encoded == null) {
      checkOpen();
      return null;
    }
    SegmentSink<R> sink = new SegmentSink<>(function);
    while (true) {
      Opening at = current();
      if (!find(encoded, sink)) {
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

  /** {@link #read} of one key, spelt out: what is called most makes no objects. */
  private boolean find(KeyBytes key, @Nullable ValueSink into) {
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

  /** The values of those keys that are present, in the order of the keys. */
  Map<K, V> getAll(List<K> wanted) {
    Map<K, V> found = LinkedHashMap.newLinkedHashMap(wanted.size());
    for (int from = 0; from < wanted.size(); from += KEYS_AT_ONCE) {
      List<K> some = wanted.subList(from, Math.min(from + KEYS_AT_ONCE, wanted.size()));
      if (keyWords != null) {
        long[] encoded = some.stream().mapToLong(keyWords::word).toArray();
        touch(reader -> reader.touch(encoded));
        for (K key : some) {
          add(key, get(key), found);
        }
      } else {
        Map<K, KeyBytes> encoded = LinkedHashMap.newLinkedHashMap(some.size());
        for (K key : some) {
          KeyBytes sought = key(Objects.requireNonNull(key, "key"));
          if (sought != null) {
            encoded.put(key, sought);
          }
        }
        touch(reader -> reader.touch(List.copyOf(encoded.values())));
        encoded.forEach((key, sought) -> add(key, get(sought), found));
      }
    }
    return found;
  }

  private void touch(Consumer<HmapReader> look) {
    var _ =
        read(reader -> {
          look.accept(reader);
          return true;
        });
  }

  private static <K, V> void add(K key, @Nullable V value, Map<K, V> found) {
    if (value != null) {
      found.put(key, value);
    }
  }

  boolean isLongToLong() {
    return Codec.LONG.equals(keys) && Codec.LONG.equals(values);
  }

  long getLong(long key, long absent) {
    return longLookUp(key, true, absent);
  }

  boolean containsLong(long key) {
    return longLookUp(key, false, 0) != 0;
  }

  private long longLookUp(long key, boolean wantsValue, long absent) {
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

  long count() {
    return current().store.map().count();
  }

  boolean isEmpty() {
    return geometry.expires() ? next(iterator()) == null : count() == 0;
  }

  byte[] mark() {
    return current().store.map().mark().clone();
  }

  // ---------------------------------------------------------------- iterating

  HmapIterator iterator() {
    return read(HmapIterator::new);
  }

  /** The next entry, or null at the end. */
  @Nullable EntryBytes next(HmapIterator iterator) {
    HmapIterator place = store.isWritable() ? iterator : iterator.copy();
    EntryBytes[] found = new EntryBytes[1];
    boolean any =
        read(reader -> {
          iterator.goOn(place, reader);
          EntryBytes next = iterator.next();
          if (next != null) {
            found[0] = next;
          }
          return next != null;
        });
    return any ? found[0] : null;
  }

  /** An entry that an iterator has returned last, as it is now; null if it is gone. */
  @Nullable EntryBytes current(HmapIterator iterator, EntryBytes returned) {
    EntryBytes[] found = new EntryBytes[1];
    boolean any =
        read(reader -> {
          iterator.goOn(iterator, reader);
          EntryBytes now = iterator.current(returned);
          if (now != null) {
            found[0] = now;
          }
          return now != null;
        });
    return any ? found[0] : null;
  }

  /** Half of what an iterator has left, or null. */
  @Nullable HmapIterator split(HmapIterator iterator) {
    checkOpen();
    return iterator.split();
  }

  // ---------------------------------------------------------------- which store

  private <T> T read(Function<HmapReader, T> work) {
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

  /** The opening to read from; waits while the store is opened anew. */
  private Opening current() {
    while (true) {
      Opening at = opening;
      if (at != null && !isClosed) {
        return at;
      }
      reopening.lock(); // until whoever opens it anew is done
      try {
        checkOpen();
      } finally {
        reopening.unlock();
      }
    }
  }

  /**
   * Whether what was read counts: what is closed may stay mapped for a while, with other bytes. The
   * fence keeps the loads before it; it pairs with the volatile store that takes the opening away,
   * or closes the view.
   */
  private boolean isCurrent(Opening at) {
    VarHandle.loadLoadFence();
    return opening == at && !isClosed;
  }

  /** Throws what befell a read, unless its opening was taken away: then it is to begin anew. */
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
    throw StoreFailures.damaged(store.names(), thrown);
  }

  /**
   * Opens the store anew: from when {@code reopen} is called until it returns, reads of other
   * threads wait. One thread at a time.
   *
   * @param reopen is given the store as it was, and returns the new one
   */
  void reopen(Function<OpenedStore, OpenedStore> reopen) {
    reopening.lock();
    try {
      OpenedStore before = store;
      opening = null;
      // whoever waits there for a change to end goes on here
      before.map().setBroken(new StoreClosedException("the store was opened anew"));
      OpenedStore after = reopen.apply(before);
      store = after;
      opening = opening(after);
    } finally {
      reopening.unlock();
    }
  }

  void checkOpen() {
    if (isClosed) {
      throw new StoreClosedException(store.names().data() + " is closed");
    }
  }

  /** From now on every call throws. */
  void close() {
    isClosed = true;
  }

  boolean isClosed() {
    return isClosed;
  }

  OpenedStore store() {
    return store;
  }

  Geometry geometry() {
    return geometry;
  }
}
