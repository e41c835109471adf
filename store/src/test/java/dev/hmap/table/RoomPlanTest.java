package dev.hmap.table;

import static dev.hmap.table.SmallMap.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.HmapFields;
import dev.hmap.format.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Room is had before a batch is logged: it is refused then, or it is applied without fail. */
class RoomPlanTest {
  private static final int LARGE = 200_000;

  private final SmallMap map = SmallMap.ofTexts();
  private final RoomPlan plan = new RoomPlan(map.map);
  private final OperationApplier applier = new OperationApplier(map.map);

  private static byte[] put(String key, int valueLength) {
    byte[] k = bytes(key);
    byte[] operation = new byte[Operation.HEADER_BYTES + k.length + valueLength];
    Operation.put(operation, 0, Operation.PUT, k, new byte[valueLength]);
    return operation;
  }

  private static byte[] removal(String key) {
    byte[] k = bytes(key);
    byte[] operation = new byte[Operation.HEADER_BYTES + k.length];
    Operation.put(operation, 0, Operation.REMOVE, k, new byte[0]);
    return operation;
  }

  @Test
  void whatWasSecuredIsAppliedThoughTheDiskIsFullByThen() throws IOException {
    List<byte[]> operations = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      operations.add(put("key " + i, i));
    }
    operations.forEach(operation -> plan.add(operation, 0));
    plan.secure();
    map.file.setFull(true);
    operations.forEach(applier::apply); // which doubles the map seven times
    assertThat(map.map.count()).isEqualTo(500);
    assertThat(map.map.fields().b()).isEqualTo(7);
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  /**
   * Where a writer that finds the disk full could make no checkpoint, it could not close either.
   */
  @Test
  void theNextDirectoryHasRoomForWhatMayBeEvacuatedByThen() throws IOException {
    SmallMap large = SmallMap.ofLongs(15);
    long bits = EvacuatedUnits.maxBytes(15); // a page
    int order = Directory.order(large.map.extents().size() + 1, bits, Directory.MAX_MARK_BYTES);
    assertThat(order).isGreaterThan(Directory.order(100, 0, Directory.MAX_MARK_BYTES));
    RoomPlan ofLarge = new RoomPlan(large.map);
    ofLarge.add(removal("8 bytes "), 0);
    ofLarge.secure();
    assertThat(large.space.directoryOrder(0)).as("standing").isEqualTo(order);
    ofLarge.clear(false);
    ofLarge.add(put("8 bytes ", 8), 0);
    ofLarge.secure();
    assertThat(large.space.directoryOrder(0)).as("with an insertion").isEqualTo(order);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    applier.apply(put("key", 1));
    HmapFields before = map.map.fields();
    map.file.setFull(true);
    plan.add(put("large", LARGE), 0);
    assertThatThrownBy(plan::secure).isInstanceOf(StoreFullException.class);
    assertThat(map.map.fields()).isEqualTo(before);
    map.file.setFull(false);
    assertThatCode(plan::secure).doesNotThrowAnyException();
  }

  @Test
  void aRemovalIsNeverRefused() throws IOException {
    applier.apply(put("key", 1));
    int _ = freeBeside();
    map.file.setFull(true);
    byte[] removal = removal("key");
    plan.add(removal, 0);
    plan.secure();
    applier.apply(removal);
    assertThat(map.map.count()).isZero();
  }

  @Test
  void anExactPlanSeesThatAValueIsOverwrittenWhereItLies() throws IOException {
    applier.apply(put("large", LARGE));
    map.file.setFull(true);
    plan.clear(false);
    plan.add(put("large", LARGE), 0);
    assertThatThrownBy(plan::secure).isInstanceOf(StoreFullException.class);
    plan.clear(true);
    plan.add(put("large", LARGE), 0);
    plan.secure();
    plan.clear(true);
    plan.add(put("large", LARGE + 1), 0); // a large entry stays only with the same length
    assertThatThrownBy(plan::secure).isInstanceOf(StoreFullException.class);
  }

  // ---------------------------------------------------------------- one by one

  private static byte[] ofKind(int kind, String key, int valueLength) {
    byte[] operation = put(key, valueLength);
    operation[0] = (byte) kind;
    return operation;
  }

  /** Operations in turn, each secured by itself; the file takes no extension for what was. */
  private boolean isAppliedWithinFile(byte[] operation) {
    if (!plan.isSecuredWithinFile(operation)) {
      return false;
    }
    map.file.setFull(true);
    applier.apply(operation);
    map.file.setFull(false);
    return true;
  }

  @Test
  void whatIsSecuredOneByOneIsAppliedThoughTheDiskIsFull() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int applied = 0;
      int classes = 1 + random.nextInt(5);
      for (int i = 0; i < 500; i++) {
        String key = "key " + random.nextInt(1000);
        int valueLength = 300 * random.nextInt(classes);
        byte[] operation =
            switch (random.nextInt(8)) {
              case 0 -> removal(key);
              case 1 -> ofKind(Operation.REPLACE, key, valueLength);
              case 2 -> ofKind(Operation.PUT_IF_ABSENT, key, valueLength);
              default -> put(key, valueLength);
            };
        if (isAppliedWithinFile(operation)) {
          applied++;
        } else {
          plan.clear(false);
          plan.add(operation, 0);
          plan.secure();
          applier.apply(operation);
        }
      }
      assertThat(applied).as("seed %d", seed).isGreaterThan(450);
      assertThat(HmapCheck.check(map.map)).as("seed %d", seed).isEmpty();
    }
  }

  /** So many that the map does not double with the next hundred, for which the file has room. */
  private void fill() throws IOException {
    fillAndExtend(2000);
    assertThat(map.map.isGrowing()).isFalse();
  }

  @Test
  void roomForPutsOfOneLengthIsNoneForOthers() throws IOException {
    fill();
    assertThat(plan.isSecuredWithinFile(put("a", 8))).isTrue();
    map.space.setLimits(new Limits(1000, 1, 1000));
    assertThat(plan.isSecuredWithinFile(put("b", 8))).isTrue();
    assertThat(plan.isSecuredWithinFile(removal("b"))).isTrue();
    assertThat(plan.isSecuredWithinFile(ofKind(Operation.REPLACE, "b", 8))).isTrue();
    assertThatThrownBy(() -> plan.isSecuredWithinFile(put("c", 800)))
        .isInstanceOf(StoreFullException.class);
    assertThatThrownBy(() -> plan.isSecuredWithinFile(put("b", 8)))
        .isInstanceOf(StoreFullException.class);
  }

  @Test
  void roomAheadIsNoneForWhatRemovesAll() throws IOException {
    fill();
    assertThat(plan.isSecuredWithinFile(put("a", 8))).isTrue();
    assertThat(plan.isSecuredWithinFile(ofKind(Operation.CLEAR, "", 8))).isFalse();
  }

  @Test
  void asMuchIsPromisedAheadAsForABatch() throws IOException {
    int compared = 0;
    for (int entries = 500; entries < 4000; entries += 20) {
      RoomPlanTest oneByOne = new RoomPlanTest();
      RoomPlanTest batch = new RoomPlanTest();
      oneByOne.fillAndExtend(entries);
      batch.fillAndExtend(entries);
      if (!batch.map.map.growth.isDue(64)) {
        assertThat(oneByOne.plan.isSecuredWithinFile(put("a", 1000))).isTrue();
        batch.secureBatch(64);
        assertThat(oneByOne.freeBeside()).as("%d", entries).isEqualTo(batch.freeBeside());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  private void fillAndExtend(int entries) throws IOException {
    for (int i = 0; i < entries; i++) {
      applier.apply(put("key " + i, 8));
    }
    secureBatch(500);
  }

  private void secureBatch(int puts) throws IOException {
    plan.clear(false);
    for (int i = 0; i < puts; i++) {
      plan.add(put("a", 1000), 0);
    }
    plan.secure();
  }

  /** Pages that nothing is promised of, all of which are taken. */
  private int freeBeside() {
    int free = 0;
    while (map.space.allocateBeside(0) != ExtentAllocator.NONE) {
      free++;
    }
    return free;
  }

  @Test
  void roomForReplacementsAndRemovalsIsNoneForPuts() throws IOException {
    fill();
    for (byte[] first : List.of(ofKind(Operation.REPLACE, "a", 8), removal("a"))) {
      assertThat(plan.isSecuredWithinFile(first)).isTrue();
      map.space.setLimits(new Limits(1000, 1, 1000));
      assertThatThrownBy(() -> plan.isSecuredWithinFile(put("a", 8)))
          .isInstanceOf(StoreFullException.class);
      map.space.setLimits(Limits.FORMAT);
    }
  }

  @Test
  void roomAheadIsForSomePutsAndUntilItIsForgotten() throws IOException {
    fill();
    assertThat(plan.isSecuredWithinFile(put("a", 8))).isTrue();
    map.space.setLimits(new Limits(1000, 1, 1000));
    for (int i = 1; i < 64; i++) {
      assertThat(plan.isSecuredWithinFile(put("a", 8))).isTrue();
    }
    assertThatThrownBy(() -> plan.isSecuredWithinFile(put("a", 8)))
        .isInstanceOf(StoreFullException.class);
    map.space.setLimits(Limits.FORMAT);
    assertThat(plan.isSecuredWithinFile(put("a", 8))).isTrue();
    map.space.setLimits(new Limits(1000, 1, 1000));
    plan.clear(false);
    assertThatThrownBy(() -> plan.isSecuredWithinFile(put("a", 8)))
        .isInstanceOf(StoreFullException.class);
  }

  @Test
  void aPutThatWouldMakeTheMapGrowIsNotSecuredThoughThereIsRoomAhead() {
    int due = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] operation = put("key " + i, 8);
      boolean isDue = map.map.growth.isDue(1);
      boolean isSecured = plan.isSecuredWithinFile(operation);
      assertThat(isSecured && isDue).isFalse();
      due += isDue ? 1 : 0;
      applier.apply(operation);
    }
    assertThat(due).isGreaterThan(5);
  }
}
