package dev.hmap;

import dev.hmap.error.StoreAccessException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.Shapes;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.Recovery;
import dev.hmap.store.Environment;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.Store;
import dev.hmap.store.WritableStore;
import dev.hmap.table.HmapLoader;
import dev.hmap.write.WriterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a store is opened. Not thread-safe.
 *
 * {@snippet class="dev.hmap.snippets.BuilderSnippets" region="sessions"}
 *
 * @param <K> keys
 * @param <V> values
 */
public final class HMapBuilder<K, V> {
  private static final long MIN_MAX_LOG = 1L << 20;
  private static final Duration MAX_SYNC_INTERVAL = Duration.ofNanos(Long.MAX_VALUE);

  private final Path path;
  private final Codec<K> keys;
  private final Codec<V> values;
  private long expectedEntries;
  private Durability durability = Durability.SYNC;
  private Duration syncInterval = Duration.ofSeconds(1);
  private OptionalLong privateMemory = OptionalLong.empty();
  private long maxLog = WriterOptions.DEFAULT_MAX_LOG_BYTES;
  private boolean readOnly;
  private @Nullable Duration timeToLive;
  private boolean hasBean = true;
  private Environment environment = Environment.REAL;

  // What the codecs say when the store is opened.
  private Encoding keyEncoding = new Encoding("", 0);
  private Encoding valueEncoding = keyEncoding;

  HMapBuilder(Path path, Codec<K> keys, Codec<V> values) {
    this.path = Objects.requireNonNull(path, "path");
    this.keys = Objects.requireNonNull(keys, "keys");
    if (!keys.isKey()) {
      throw new IllegalArgumentException(
          "%s cannot be a key: equal values of it may differ in their bytes"
              .formatted(keys.shape()));
    }
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * How many entries a new store should take without growing. It grows beyond by itself; a store
   * that exists is not changed.
   *
   * @param entries 0 or more. More than a data file can hold are an {@link
   *     IllegalArgumentException} when the store is opened; more than the disk has room for, a
   *     {@link dev.hmap.error.StoreFullException} when it is created
   */
  public HMapBuilder<K, V> expectedEntries(long entries) {
    checkAtLeast("expectedEntries", entries, 0);
    expectedEntries = entries;
    return this;
  }

  /** How durable a write is when its call returns. Default: {@link Durability#SYNC}. */
  public HMapBuilder<K, V> durability(Durability level) {
    durability = Objects.requireNonNull(level, "durability");
    return this;
  }

  /**
   * With {@link Durability#ASYNC}: how much of the newest writes a power cut may cost. Default: 1
   * second.
   *
   * @param interval at least 1 millisecond, at most 2^63 - 1 nanoseconds
   */
  public HMapBuilder<K, V> syncInterval(Duration interval) {
    checkWithin("syncInterval", interval, MAX_SYNC_INTERVAL);
    syncInterval = interval;
    return this;
  }

  /**
   * How much memory private copies of pages may take; by default a quarter of the memory of the
   * machine or the container, and 1 GiB until the JVM knows that. While a map grows, or is written
   * at random, all its pages become private; with less memory than that each is copied again and
   * again, and writes take several times as long. When a map will double within seconds, the memory
   * of its next array is made before, as far as eleven sixteenths of this leave room. It is kept by
   * checkpoints that give pages back, which needs native access; without it a warning says when the
   * limit is passed.
   *
   * @param bytes at least 16 MiB
   */
  public HMapBuilder<K, V> privateMemory(long bytes) {
    checkAtLeast("privateMemory in bytes", bytes, WriterOptions.MIN_PRIVATE_MEMORY);
    privateMemory = OptionalLong.of(bytes);
    return this;
  }

  /**
   * How long the log may grow before a checkpoint begins, by default 256 MiB; for a small store a
   * checkpoint begins sooner. A longer log means fewer checkpoints and a longer recovery.
   *
   * @param bytes at least 1 MiB
   */
  public HMapBuilder<K, V> maxLog(long bytes) {
    checkAtLeast("maxLog in bytes", bytes, MIN_MAX_LOG);
    maxLog = bytes;
    return this;
  }

  /**
   * Opens an existing store for reading only, as it is at that moment; nothing is written to it.
   * While it is open elsewhere for writing, that writer's checkpoints wait, and its log grows,
   * until this map is {@linkplain HMap#refresh refreshed} or closed.
   *
   * {@snippet class="dev.hmap.snippets.BuilderSnippets" region="follow"}
   */
  public HMapBuilder<K, V> readOnly() {
    readOnly = true;
    return this;
  }

  /**
   * How long an entry of a new store lives, counted from its last write by the system's clock; for
   * ever by default. An expired entry is absent to every read and iteration. It is removed when its
   * bucket is evacuated, or by the writer: two chains at a time when there is nothing else to do,
   * or beside other writes, as many chains as these might have evacuated; until then it takes room,
   * and {@code size} counts it.
   *
   * <p>A write takes place at one time, which is logged: replay and followers judge it by that. A
   * clock that is set ahead removes nothing for a minute; one that is set back counts at once, but
   * not behind a time at which something was removed. Reads go by the clock as it is.
   *
   * <p>The store remembers it. Opening one that exists with another time is refused; without one it
   * is taken as it is.
   *
   * @param time at least 1 millisecond, at most 2^45 milliseconds
   */
  public HMapBuilder<K, V> timeToLive(Duration time) {
    checkWithin("timeToLive", time, Duration.ofMillis(Geometry.MAX_TIME_TO_LIVE_MILLIS));
    timeToLive = time;
    return this;
  }

  /**
   * Leaves out the {@linkplain HMapMXBean bean}, for processes that live so briefly that nobody
   * would look at it: the first bean of a JVM costs a tenth of a second on another thread.
   */
  public HMapBuilder<K, V> withoutBean() {
    hasBean = false;
    return this;
  }

  /** Opens it in another environment than the machine's. */
  HMapBuilder<K, V> in(Environment other) {
    environment = other;
    return this;
  }

  private static void checkWithin(String what, Duration value, Duration most) {
    if (value.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "%s in milliseconds is %s: it must be at least 1".formatted(what, millis(value)));
    }
    if (value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s in milliseconds is %s: it must be at most %,d"
              .formatted(what, millis(value), most.toMillis()));
    }
  }

  private static String millis(Duration value) {
    Duration most = Duration.ofMillis(Long.MAX_VALUE);
    return value.compareTo(most) > 0 || value.compareTo(most.negated()) < 0
        ? value.toString()
        : "%,d".formatted(value.toMillis());
  }

  private static void checkAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %,d: it must be at least %,d".formatted(what, value, least));
    }
  }

  /**
   * Opens the store; creates it if there is none, unless it is for reading only.
   *
   * @throws dev.hmap.error.HMapException of the kind that says what is wrong
   */
  public HMap<K, V> open() {
    return open(names -> {
      if (!readOnly && !Recovery.exists(environment.fileSystem(), names)) {
        boolean _ = tryCreate(names); // if another is faster, its store is opened
      }
    });
  }

  /**
   * Opens the store, which must exist.
   *
   * @throws StoreAccessException if there is none
   */
  public HMap<K, V> openExisting() {
    return open(_ -> {});
  }

  /**
   * Creates the store, which must not exist, and opens it.
   *
   * @throws StoreAccessException if there is a file of that name
   */
  public HMap<K, V> create() {
    return open(names -> {
      if (!tryCreate(names)) {
        throw Creation.existsAlready(names, null);
      }
    });
  }

  private boolean tryCreate(FileNames names) {
    return Creation.tryCreate(
        environment.fileSystem(),
        names,
        newGeometry(),
        expectedEntries,
        Creation.Seeds.random(LogHead.NONE));
  }

  /** Of what is the user's, nothing runs on the thread that opens the store. */
  private HMap<K, V> open(Consumer<FileNames> first) {
    keyEncoding = Encoding.of(keys);
    valueEncoding = Encoding.of(values);
    checkExpectedEntries();
    UnaryOperator<Geometry> expected = expected();
    return Uninterruptibly.<HMap<K, V>>call(
        "hmap-open",
        () -> {
          FileNames names = Recovery.names(environment.fileSystem(), path);
          first.accept(names);
          return open(names, expected);
        });
  }

  private void checkExpectedEntries() {
    long most = HmapLoader.maxExpectedEntries(newGeometry());
    if (expectedEntries > most) {
      throw new IllegalArgumentException(
          "expectedEntries is %,d: a data file of such entries can be made for at most %,d"
              .formatted(expectedEntries, most));
    }
  }

  private HMap<K, V> open(FileNames names, UnaryOperator<Geometry> expected) {
    Store store =
        readOnly
            ? FollowedStore.open(environment, names, expected, privateMemory(), false)
            : WritableStore.open(environment, names, expected, options());
    boolean isOpen = false;
    try {
      AbstractStoreMap<K, V> map =
          switch (store) {
            case FollowedStore followed -> new ReadOnlyMap<>(followed, keys, values);
            case WritableStore writable -> new StoreMap<>(writable, keys, values);
          };
      WarmUp.once(store);
      if (hasBean) {
        map.bean.register();
      }
      isOpen = true;
      return map;
    } finally {
      if (!isOpen) {
        store.close();
      }
    }
  }

  private WriterOptions options() {
    return new WriterOptions(
        durability == Durability.SYNC, syncInterval.toNanos(), privateMemory(), maxLog, false);
  }

  private LongSupplier privateMemory() {
    OptionalLong said = privateMemory;
    return said.isPresent() ? said::getAsLong : WriterOptions::defaultPrivateMemory;
  }

  /**
   * What a store must be, as said until now; of an existing one, the time to live is taken unless
   * one was said.
   */
  private UnaryOperator<Geometry> expected() {
    Duration said = timeToLive;
    Encoding k = keyEncoding;
    Encoding v = valueEncoding;
    return found -> geometry(k, v, said == null ? found.timeToLiveMillis() : said.toMillis());
  }

  /** What a codec says of itself. */
  private record Encoding(String shape, int width) {
    static Encoding of(Codec<?> codec) {
      return new Encoding(Geometry.checkedShape(codec.shape()), codec.width()).checked();
    }

    /** Whoever reads the file takes a shape that is hmap's for what hmap means by it. */
    private Encoding checked() {
      OptionalInt known = Shapes.width(shape);
      if (known.isPresent() && known.getAsInt() != width) {
        throw new IllegalArgumentException(
            "a codec of width %d has the shape %s, which is of width %d: take a shape of your own"
                .formatted(width, shape, known.getAsInt()));
      }
      return this;
    }

    int inlineWidth(int stamp) {
      return Geometry.inlineWidth(width, stamp);
    }
  }

  /** Of a store that is created. */
  private Geometry newGeometry() {
    return geometry(keyEncoding, valueEncoding, timeToLive == null ? 0 : timeToLive.toMillis());
  }

  private static Geometry geometry(Encoding key, Encoding value, long timeToLiveMillis) {
    int stamp = timeToLiveMillis > 0 ? Long.BYTES : 0;
    return new Geometry(
        key.inlineWidth(0), value.inlineWidth(stamp), key.shape, value.shape, timeToLiveMillis);
  }
}
