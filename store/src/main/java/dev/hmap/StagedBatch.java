package dev.hmap;

import dev.hmap.store.OperationBatch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch that a user fills. */
final class StagedBatch<K, V> implements HMap.Batch<K, V> {
  private final StoreMap<K, V> map;
  private final EntryCodecs<K, V> codecs;
  private final OperationBatch operations;

  StagedBatch(StoreMap<K, V> map) {
    this.map = map;
    this.codecs = map.codecs;
    this.operations = map.newOperations();
  }

  @Override
  public void put(K key, V value) {
    byte[] keyBytes = codecs.encodeKey(key);
    operations.put(keyBytes, codecs.encodeValue(value));
  }

  @Override
  public void remove(K key) {
    operations.remove(codecs.encodeKey(key));
  }

  @Override
  public void mark(byte[] mark) {
    operations.mark(Objects.requireNonNull(mark, "mark"));
  }

  @Override
  public @Nullable V get(K key) {
    byte[] keyBytes = codecs.encodeSought(Objects.requireNonNull(key, "key"));
    if (keyBytes == null) {
      return null;
    }
    if (!operations.concerns(keyBytes)) {
      return map.getEncoded(keyBytes);
    }
    byte[] own = operations.valueOf(keyBytes);
    return own == null ? null : codecs.decodeValue(own);
  }

  @Override
  public int operations() {
    return operations.operations();
  }

  @Override
  public int bytes() {
    return operations.bytes();
  }

  /** What was staged, in bytes. */
  OperationBatch staged() {
    return operations;
  }
}
