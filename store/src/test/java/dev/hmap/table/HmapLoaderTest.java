package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.HmapFields;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Makes an empty map of the right size, or the one that a header and a directory describe. */
class HmapLoaderTest {
  private final SmallMap map = SmallMap.ofLongs(3);

  /** What a process would open that finds the file as it is. */
  private static Hmap load(MemoryFile file, HmapFields fields, List<ExtentRecord> extents)
      throws IOException {
    return load(file, fields, extents, EvacuatedUnits.NONE);
  }

  private static Hmap load(
      MemoryFile file, HmapFields fields, List<ExtentRecord> extents, EvacuatedUnits evacuated)
      throws IOException {
    Space space = new Space(file, Space.Access.WRITE);
    space.load(extents);
    Directory directory = new Directory(extents, evacuated, SmallMap.bytes("mark"));
    return HmapLoader.load(SmallMap.LONGS, space, (_, _) -> {}, fields, directory);
  }

  @Test
  void anEmptyMapHasAsManyRootsAsTakeWhatIsExpected() {
    assertThat(new SmallMap(SmallMap.LONGS, 0).map.fields().b()).isEqualTo(0);
    assertThat(new SmallMap(SmallMap.LONGS, 8).map.fields().b()).isEqualTo(0);
    assertThat(new SmallMap(SmallMap.LONGS, 9).map.fields().b()).isEqualTo(1);
    assertThat(new SmallMap(SmallMap.LONGS, 52).map.fields().b()).isEqualTo(3);
    assertThat(new SmallMap(SmallMap.LONGS, 53).map.fields().b()).isEqualTo(4);
  }

  @Test
  void aMapGoesOnInTheMidstOfAGrowth() throws IOException {
    SmallMap growing = SmallMap.ofLongs(6);
    growing.putAll(keyOf(5, 6), keyOf(50, 6));
    growing.beginDoubling();
    for (int i = 0; i < 20; i++) {
      growing.map.evacuateNext(); // two chains
    }
    growing.remove(keyOf(50, 6)); // out of turn, and another at nevacuate
    growing.put(keyOf(50, 6), 500);
    HmapFields fields = growing.map.fields();
    assertThat(fields.nevacuate()).isEqualTo(42);
    assertThat(growing.evacuatedRoots()).contains(50).doesNotContain(49, 51);
    assertThat(fields.oldbuckets().firstExtent()).as("extents given back").isEqualTo(1);
    Hmap loaded = load(growing.file, fields, growing.map.extents(), growing.map.evacuated());
    assertThat(loaded.fields()).isEqualTo(fields);
    assertThat(loaded.mark()).isEqualTo(SmallMap.bytes("mark"));
    HmapReader reader = loaded.reader();
    assertThat(reader.longLookUp(keyOf(5, 6), true, -1)).isEqualTo(keyOf(5, 6));
    assertThat(reader.longLookUp(keyOf(50, 6), true, -1)).isEqualTo(500);
    while (loaded.isGrowing()) {
      loaded.evacuateNext();
    }
    assertThat(HmapCheck.check(loaded)).isEmpty();
  }

  @Test
  void evacuatedUnitsThatThereAreNotAreRefused() {
    map.beginDoubling();
    EvacuatedUnits ninth = new EvacuatedUnits(0, new long[] {1L << 8}); // of eight
    assertThatThrownBy(() -> load(map.file, map.map.fields(), map.map.extents(), ninth))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the directory has evacuated units beyond the 8 that there are");
  }

  @Test
  void evacuatedUnitsWithoutAnOldArrayAreRefused() {
    EvacuatedUnits first = new EvacuatedUnits(0, new long[] {1});
    assertThatThrownBy(() -> load(map.file, map.map.fields(), map.map.extents(), first))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the directory has evacuated units beyond the 0 that there are");
  }

  @Test
  void aHeaderThatHasMoreEntriesThanItsArrayHasSlotsIsRefused() throws IOException {
    HmapFields f = map.map.fields();
    List<ExtentRecord> extents = map.map.extents();
    load(map.file, withCount(f, 8 * 8), extents);
    assertThatThrownBy(() -> load(map.file, withCount(f, 8 * 8 + 1), extents))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageStartingWith("the header's fields do not fit each other");
  }

  private static HmapFields withCount(HmapFields f, long count) {
    return new HmapFields(
        count,
        f.flags(),
        f.b(),
        f.noverflow(),
        f.hash0(),
        f.buckets(),
        f.oldbuckets(),
        f.nevacuate(),
        f.oldNoverflow(),
        f.entryBytes());
  }

  @Test
  void aDirectoryThatLacksAnExtentOfTheArrayIsRefused() {
    assertThatThrownBy(() -> load(map.file, map.map.fields(), List.of()))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageStartingWith("the directory has 0 extents of array 1");
  }
}
