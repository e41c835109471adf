package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.Operation;
import org.junit.jupiter.api.Test;

/** The counts tell how many writes of each sort were applied; see {@link WriterStats.Writes}. */
class WriteCountsTest {
  private final WriteCounts counts = new WriteCounts();

  private void count(int... kinds) {
    for (int kind : kinds) {
      byte[] operation = new byte[Operation.HEADER_BYTES];
      Operation.putHeader(operation, 0, kind, 0, 0);
      counts.count(operation);
    }
  }

  @Test
  void nothingIsCountedAtFirst() {
    assertThat(counts.now()).isEqualTo(new WriterStats.Writes(0, 0, 0, 0, 0));
  }

  @Test
  void writesOfOneSortAreCountedTogether() {
    count(Operation.PUT);
    count(Operation.PUT_IF_ABSENT, Operation.REPLACE, Operation.REPLACE_IF_EQUAL);
    count(Operation.REMOVE, Operation.REMOVE_IF_EQUAL);
    count(Operation.CLEAR, Operation.CLEAR, Operation.CLEAR, Operation.CLEAR);
    count(Operation.BATCH, Operation.BATCH, Operation.BATCH, Operation.BATCH, Operation.BATCH);
    assertThat(counts.now()).isEqualTo(new WriterStats.Writes(1, 3, 2, 4, 5));
  }
}
