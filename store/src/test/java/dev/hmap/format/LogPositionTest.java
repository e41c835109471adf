package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** A place between two records, with all that is needed to recognize the record that follows. */
class LogPositionTest {
  private static final LogPosition POSITION = new LogPosition(3, 4_000, 50, 0x600);

  private static ByteBuffer encoded(LogPosition position) {
    ByteBuffer bytes = ByteBuffer.allocate(LogPosition.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    position.encode(bytes);
    return bytes.flip();
  }

  @Test
  void theFieldsLieWhereTheFormatPageHasThem() {
    ByteBuffer bytes = encoded(POSITION);
    assertThat(bytes.remaining()).isEqualTo(32);
    assertThat(bytes.getLong(0)).as("segment").isEqualTo(3);
    assertThat(bytes.getLong(8)).as("lsn").isEqualTo(4_000);
    assertThat(bytes.getLong(16)).as("sequence").isEqualTo(50);
    assertThat(bytes.getInt(24)).as("chain").isEqualTo(0x600);
    assertThat(LogPosition.decode(bytes)).isEqualTo(POSITION);
  }

  @Test
  void theFirstRecordOfANewStoreHasTheNumberOneAndFollowsNothing() {
    ByteBuffer bytes = encoded(LogPosition.START);
    assertThat(bytes.getLong(0)).as("segment").isZero();
    assertThat(bytes.getLong(8)).as("lsn").isZero();
    assertThat(bytes.getLong(16)).as("sequence").isEqualTo(1);
    assertThat(bytes.getInt(24)).as("chain").isZero();
  }
}
