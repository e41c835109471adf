package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The head of a segment; a slot without a valid one is passed over, and that is not an error. */
class SegmentHeaderTest {

  /** The first segment of the killed store in the format's example. */
  private static final String EXAMPLE =
      """
      48 4d 41 50 4c 4f 47 31 01 00 00 00 00 00 00 00
      08 09 0a 0b 0c 0d 0e 0f 01 00 00 00 00 00 00 00
      b0 80 7a b0 84 35 e6 c5 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 51 be 46 55
      """;

  private static final SegmentHeader RECORDS =
      new SegmentHeader(
          SegmentHeader.KIND_RECORDS,
          0x0F0E_0D0C_0B0A_0908L,
          1,
          0xC5E6_3584_B07A_80B0L,
          0,
          0,
          0,
          0);

  private static ByteBuffer example() {
    return ByteBuffer.wrap(HexFormat.of().parseHex(EXAMPLE.replaceAll("\\s", "")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void theHeadOfASegmentIsTheOneOfTheExample() {
    assertThat(RECORDS.encode()).isEqualTo(example());
    assertThat(SegmentHeader.decode(example())).isEqualTo(RECORDS);
  }

  @Test
  void imagesTellTheirPlaceInTheirSet() {
    SegmentHeader images =
        new SegmentHeader(SegmentHeader.KIND_IMAGES, 1, 7, 99, 4, 0, 2, 5); // the third of set 5
    ByteBuffer encoded = images.encode().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(encoded.getInt(52)).as("ordinal").isEqualTo(2);
    assertThat(encoded.getLong(56)).as("set").isEqualTo(5);
    assertThat(SegmentHeader.decode(encoded)).isEqualTo(images);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 24, 40, 67, 68, 71})
  void aChangedByteLeavesNoHead(int at) {
    ByteBuffer changed = example();
    changed.put(at, (byte) ~changed.get(at));
    assertThat(SegmentHeader.decode(changed)).isNull();
  }

  @Test
  void withoutTheMagicThereIsNoHeadThoughTheSumIsRight() {
    ByteBuffer other = example().put(7, (byte) '2'); // HMAPLOG2
    other.putInt(68, new Checksums().sum(other.duplicate().limit(68)));
    assertThat(SegmentHeader.decode(other)).isNull();
    ByteBuffer zeros = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(SegmentHeader.decode(zeros)).isNull();
  }
}
