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
    while (map.space.allocateBeside(0) != ExtentAllocator.NONE) {
      // until no page is free
    }
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
}
