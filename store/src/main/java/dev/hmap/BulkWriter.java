package dev.hmap;

import dev.hmap.store.OperationBatch;
import dev.hmap.store.WritableStore;
import dev.hmap.table.EntryBytes;

/** Writes many operations as records of some each. For one thread. */
final class BulkWriter<K, V> {
  private static final int MAX_OPERATIONS = 1000;
  private static final int MAX_BYTES = 1 << 20;

  private final StoreMap<K, V> map;
  private final WritableStore store;
  private OperationBatch staged;
  private boolean changed;

  BulkWriter(StoreMap<K, V> map, WritableStore store) {
    this.map = map;
    this.store = store;
    this.staged = map.newOperations();
  }

  void put(K key, V value) {
    byte[] keyBytes = map.codecs.encodeKey(key);
    staged.put(keyBytes, map.codecs.encodeValue(value));
    writeIfLong();
  }

  /**
   * Removes an entry.
   *
   * @param onlyAsRead only if it still has the value that was read
   */
  void remove(EntryBytes entry, boolean onlyAsRead) {
    if (onlyAsRead) {
      staged.removeIfEqual(entry.key(), entry.value());
    } else {
      staged.remove(entry.key());
    }
    writeIfLong();
  }

  private void writeIfLong() {
    if (staged.operations() >= MAX_OPERATIONS || staged.bytes() >= MAX_BYTES) {
      writeNow();
    }
  }

  private void writeNow() {
    changed |= store.write(staged);
    staged = map.newOperations();
  }

  /** Writes the rest; whether anything has changed. */
  boolean finish() {
    store.checkOpen();
    if (!staged.isEmpty()) {
      writeNow();
    }
    return changed;
  }
}
