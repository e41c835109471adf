package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The fields of Go's hmap in a header, with the {@link ArrayDescriptor}s of both arrays. */
class HmapFieldsTest {
  private static final ArrayDescriptor BUCKETS = new ArrayDescriptor(5, 4, 3, 20, 0, 30, 14);
  private static final ArrayDescriptor OLD = new ArrayDescriptor(4, 3, 2, 10, 1, 12, 4);
  private static final HmapFields FIELDS =
      new HmapFields(
          1_000,
          HmapFields.FLAG_HASH_WRITING,
          4,
          14,
          0x1716_1514_1312_1110L,
          BUCKETS,
          OLD,
          6,
          4,
          99);

  private static ByteBuffer encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(HmapFields.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FIELDS.encode(bytes);
    return bytes.flip();
  }

  @Test
  void theFieldsLieWhereTheFormatPageHasThem() {
    ByteBuffer bytes = encoded();
    assertThat(bytes.remaining()).isEqualTo(96);
    assertThat(bytes.getLong(0)).as("count").isEqualTo(1_000);
    assertThat(bytes.getInt(8)).as("flags").isEqualTo(4);
    assertThat(bytes.getInt(12)).as("B").isEqualTo(4);
    assertThat(bytes.getInt(16)).as("noverflow").isEqualTo(14);
    assertThat(bytes.getInt(20)).as("oldNoverflow").isEqualTo(4);
    assertThat(bytes.getLong(24)).as("hash0").isEqualTo(0x1716_1514_1312_1110L);
    assertThat(bytes.getLong(80)).as("nevacuate").isEqualTo(6);
    assertThat(bytes.getLong(88)).as("entryBytes").isEqualTo(99);
  }

  @Test
  void anArrayIsDescribedIn24Bytes() {
    ByteBuffer old = encoded().slice(56, 24).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(old.getInt(0)).as("id").isEqualTo(4);
    assertThat(old.get(4)).as("B").isEqualTo((byte) 3);
    assertThat(old.get(5)).as("extentOrder").isEqualTo((byte) 2);
    assertThat(old.getInt(8)).as("extentCount").isEqualTo(10);
    assertThat(old.getInt(12)).as("firstExtent").isEqualTo(1);
    assertThat(old.getInt(16)).as("nextOverflow").isEqualTo(12);
    assertThat(old.getInt(20)).as("noverflow").isEqualTo(4);
    assertThat(ArrayDescriptor.NONE.exists()).isFalse();
  }

  @Test
  void whatWasEncodedIsDecoded() {
    assertThat(HmapFields.decode(encoded())).isEqualTo(FIELDS);
  }

  @Test
  void aFlagIsABitOfItsOwn() {
    assertThat(FIELDS.hashWriting()).isTrue();
    assertThat(FIELDS.sameSizeGrow()).isFalse();
    HmapFields other = FIELDS.withFlags(8);
    assertThat(other.hashWriting()).isFalse();
    assertThat(other.sameSizeGrow()).isTrue();
    assertThat(other.withFlags(4)).isEqualTo(FIELDS);
  }
}
