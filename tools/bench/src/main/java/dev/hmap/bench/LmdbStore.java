package dev.hmap.bench;

import dev.hmap.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB as its documentation advises: {@code MDB_NOSYNC | MDB_WRITEMAP} unless durable, {@code
 * MDB_INTEGERKEY} for long keys, one read transaction for each thread that is reset and renewed for
 * each read ({@code MDB_NOTLS}), lmdbjava's optimal buffers. One write transaction for each put, or
 * for all entries of {@link #putAll}.
 */
final class LmdbStore<K, V> implements Store<K, V> {
  /** Pages are on average two thirds full, and values of 2 KB take a page each. */
  private static final long ROOM = 4;

  private static final int MAX_READERS = 2048;

  private final Shape<K, V> shape;
  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> dbi;
  private final Queue<Reader> readers = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Reader> reader = ThreadLocal.withInitial(Reader::new);

  /** Guards the buffers of the writer, and lets callers wait without holding a carrier thread. */
  private final ReentrantLock writing = new ReentrantLock();

  private final ByteBuffer writeKey;
  private final ByteBuffer writeValue;

  private LmdbStore(Place place, Shape<K, V> shape) {
    this.shape = shape;
    List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_NOTLS));
    if (!place.durable()) {
      flags.addAll(List.of(EnvFlags.MDB_NOSYNC, EnvFlags.MDB_WRITEMAP));
    }
    env =
        Env.create()
            .setMapSize((1L << 28) + place.entries() * (shape.entryBytes() + 32) * ROOM)
            .setMaxDbs(1)
            .setMaxReaders(MAX_READERS)
            .open(place.folder().toFile(), flags.toArray(EnvFlags[]::new));
    dbi =
        shape.keys().equals(Codec.LONG)
            ? env.openDbi("bench", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY)
            : env.openDbi("bench", DbiFlags.MDB_CREATE);
    writeKey = ByteBuffer.allocateDirect(shape.keyBytes());
    writeValue = ByteBuffer.allocateDirect(shape.valueBytes());
  }

  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    return new LmdbStore<>(place, shape);
  }

  /** What a thread keeps for reading. */
  private final class Reader {
    final Txn<ByteBuffer> txn = env.txnRead();
    final ByteBuffer key = ByteBuffer.allocateDirect(shape.keyBytes());

    Reader() {
      txn.reset();
      readers.add(this);
    }
  }

  @Override
  public @Nullable V get(K key) {
    Reader mine = reader.get();
    fill(mine.key, shape.keys().encode(key));
    mine.txn.renew();
    try {
      ByteBuffer found = dbi.get(mine.txn, mine.key);
      return found == null ? null : decode(shape.values(), found);
    } finally {
      mine.txn.reset();
    }
  }

  @Override
  public void put(K key, V value) {
    putAll(List.of(key), List.of(value));
  }

  @Override
  public void putAll(List<K> keys, List<V> values) {
    writing.lock();
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      for (int i = 0; i < keys.size(); i++) {
        fill(writeKey, shape.keys().encode(keys.get(i)));
        fill(writeValue, shape.values().encode(values.get(i)));
        dbi.put(txn, writeKey, writeValue);
      }
      txn.commit();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    try (Txn<ByteBuffer> txn = env.txnRead();
        CursorIterable<ByteBuffer> entries = dbi.iterate(txn)) {
      for (CursorIterable.KeyVal<ByteBuffer> e : entries) {
        visitor.accept(decode(shape.keys(), e.key()), decode(shape.values(), e.val()));
      }
    }
  }

  @Override
  public void close() {
    readers.forEach(r -> r.txn.close());
    env.close();
  }

  private static void fill(ByteBuffer buffer, byte[] bytes) {
    buffer.clear().put(bytes).flip();
  }

  private static <T> T decode(Codec<T> codec, ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return codec.decode(bytes, 0, bytes.length);
  }
}
