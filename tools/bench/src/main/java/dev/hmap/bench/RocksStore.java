package dev.hmap.bench;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as its wiki advises for point lookups: a block cache that holds everything, a Bloom
 * filter of 10 bits for each key, hash indexes in data blocks, no compression, {@code
 * IncreaseParallelism} for the cores. With its log; {@code WriteOptions.sync} where durable. Many
 * entries: one write batch.
 */
final class RocksStore<K, V> implements Store<K, V> {
  private static final int POLL_MS = 20;

  private final Shape<K, V> shape;
  private final Cache cache;
  private final BloomFilter bloom = new BloomFilter(10);
  private final Options options;
  private final WriteOptions writing;
  private final RocksDB db;

  private RocksStore(Place place, Shape<K, V> shape) throws RocksDBException {
    this.shape = shape;
    cache = new LRUCache(place.cacheBytes());
    options =
        new Options()
            .setCreateIfMissing(true)
            .setIncreaseParallelism(Runtime.getRuntime().availableProcessors())
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(bloom)
                    .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                    .setDataBlockHashTableUtilRatio(0.75));
    writing = new WriteOptions().setSync(place.durable());
    db = RocksDB.open(options, place.folder().toString());
  }

  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    RocksDB.loadLibrary();
    try {
      return new RocksStore<>(place, shape);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable V get(K key) {
    try {
      byte[] found = db.get(shape.keys().encode(key));
      return found == null ? null : shape.values().decode(found, 0, found.length);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(K key, V value) {
    try {
      db.put(writing, shape.keys().encode(key), shape.values().encode(value));
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void putAll(List<K> keys, List<V> values) {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = 0; i < keys.size(); i++) {
        batch.put(shape.keys().encode(keys.get(i)), shape.values().encode(values.get(i)));
      }
      db.write(writing, batch);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    try (RocksIterator at = db.newIterator()) {
      for (at.seekToFirst(); at.isValid(); at.next()) {
        byte[] key = at.key();
        byte[] value = at.value();
        visitor.accept(
            shape.keys().decode(key, 0, key.length), shape.values().decode(value, 0, value.length));
      }
    }
  }

  @Override
  public void settle() {
    try (FlushOptions flush = new FlushOptions()) {
      db.flush(flush);
      while (isCompacting()) {
        Thread.sleep(POLL_MS);
      }
    } catch (RocksDBException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isCompacting() throws RocksDBException {
    return db.getLongProperty("rocksdb.num-running-compactions") > 0
        || db.getLongProperty("rocksdb.compaction-pending") > 0;
  }

  @Override
  public void close() {
    db.close();
    writing.close();
    options.close();
    bloom.close();
    cache.close();
  }
}
