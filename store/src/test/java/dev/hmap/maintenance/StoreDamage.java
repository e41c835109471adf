package dev.hmap.maintenance;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Makes a store of some pages, and damages one of them. */
final class StoreDamage {
  private StoreDamage() {}

  /** Puts this many entries, "key 0" to "value 0" and so on. */
  static Map<String, String> fill(WritableStore store, int entries) {
    Map<String, String> all = new TreeMap<>();
    OperationBatch batch = new OperationBatch(0);
    for (int i = 0; i < entries; i++) {
      all.put("key " + i, "value " + i);
      batch.put(TextStore.bytes("key " + i), TextStore.bytes("value " + i));
    }
    boolean _ = store.write(batch);
    return all;
  }

  /** The first extent of a kind, by the directory of a store. */
  static ExtentRecord firstExtent(MemoryFiles files, int kind) throws IOException {
    try (StoreReading reading = StoreReading.open(files, TextStore.NAMES)) {
      return reading.directory().extents().stream()
          .filter(extent -> extent.kind() == kind)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Flips a bit in the first page of the first extent of a kind; returns the page. */
  static int flipBit(MemoryFiles files, int kind) throws IOException {
    int page = firstExtent(files, kind).page();
    byte[] data = files.copy(TextStore.NAMES.data());
    data[(int) PageLayout.addressOf(page) + 9] ^= 0x10;
    files.put(TextStore.NAMES.data(), data);
    return page;
  }
}
