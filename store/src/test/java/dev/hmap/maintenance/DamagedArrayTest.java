package dev.hmap.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Creation;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of an array with damaged buckets, each entry that stands in a sound one is handed over once. */
class DamagedArrayTest {
  private static final int ENTRIES = 1_600; // nearly 6.5 for each root, so some chains are long

  private final MemoryFiles files = new MemoryFiles();
  private final Map<Long, Long> found = new HashMap<>();
  private StoreReading reading;
  private ArrayDescriptor descriptor;

  @BeforeEach
  void write() {
    Geometry longs = new Geometry(8, 8, "long", "long");
    Creation.create(files, TextStore.NAMES, longs, 0, new Creation.Seeds(1, 2, 3, LogHead.NONE));
    try (WritableStore store = TextStore.open(files)) {
      OperationBatch batch = new OperationBatch(0);
      for (long i = 0; i < ENTRIES; i++) {
        batch.put(
            ByteBuffer.allocate(8).putLong(i).array(), ByteBuffer.allocate(8).putLong(-i).array());
      }
      boolean _ = store.write(batch);
    }
  }

  @AfterEach
  void close() throws IOException {
    reading.close();
  }

  private DamagedArray array() throws IOException {
    return array(UnaryOperator.identity());
  }

  private DamagedArray array(UnaryOperator<StoreHeader> change) throws IOException {
    reading = StoreReading.open(files, TextStore.NAMES);
    List<ExtentRecord> extents = reading.directory().extents();
    StoreHeader header = change.apply(reading.header());
    descriptor = header.hmap().buckets();
    SoundPages sound = new SoundPages(reading.pages(), header, extents, new ArrayList<>());
    return new DamagedArray(sound, header, descriptor, extents);
  }

  private static StoreHeader withSeed(StoreHeader header, long hash0) {
    HmapFields f = header.hmap();
    return header.with(
        new HmapFields(
            f.count(),
            f.flags(),
            f.b(),
            f.noverflow(),
            hash0,
            f.buckets(),
            f.oldbuckets(),
            f.nevacuate(),
            f.oldNoverflow(),
            f.entryBytes()));
  }

  private void take(byte[] key, byte[] value) {
    Long before = found.put(ByteBuffer.wrap(key).getLong(), ByteBuffer.wrap(value).getLong());
    assertThat(before).isNull();
  }

  private void walk(DamagedArray array) throws IOException {
    for (int root = 0; root < array.roots(); root++) {
      array.walk(root, this::take);
    }
  }

  /** How many slots of the buckets that can be read are in use. */
  private int readableEntries(DamagedArray array) throws IOException {
    int entries = 0;
    for (int number = 0; number < descriptor.nextOverflow(); number++) {
      ByteBuffer bucket = array.bucket(number);
      for (int slot = 0; bucket != null && slot < 8; slot++) {
        entries += (bucket.get(slot) & 0xFF) >= 5 ? 1 : 0;
      }
    }
    return entries;
  }

  @Test
  void theChainsOfASoundArrayHoldAllEntries() throws IOException {
    DamagedArray array = array();
    assertThat(array.roots()).isEqualTo(256);
    assertThat(descriptor.noverflow()).isPositive();
    walk(array);
    assertThat(found).hasSize(ENTRIES).containsEntry(7L, -7L);
    assertThat(array.intact()).isEqualTo(ENTRIES);
    array.walkOrphans(this::take);
    assertThat(found).hasSize(ENTRIES);
  }

  @Test
  void overflowBucketsAfterADamagedOneAreFoundByLookingAtAll() throws IOException {
    int _ = StoreDamage.flipBit(files, ExtentRecord.KIND_BUCKETS);
    DamagedArray array = array();
    assertThat(array.bucket(0)).isNull();
    walk(array);
    int inChains = found.size();
    array.walkOrphans(this::take);
    assertThat(found).hasSizeGreaterThan(inChains).hasSize(readableEntries(array));
    assertThat(array.intact()).isEqualTo(found.size());
    found.forEach((key, value) -> assertThat(value).isEqualTo(-key));
  }

  @Test
  void anEntryThatDoesNotStandWhereItsHashSaysIsNotHandedOver() throws IOException {
    walk(array(header -> withSeed(header, 4))); // under another seed, no hash is right
    assertThat(found).isEmpty();
  }

  @Test
  void thereIsNoBucketBeyondTheArray() throws IOException {
    DamagedArray array = array();
    assertThat(array.bucket(0)).isNotNull();
    assertThat(array.bucket(-1)).isNull();
    assertThat(array.bucket(Integer.MAX_VALUE)).isNull();
  }
}
