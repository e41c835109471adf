package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** CRC32C as the format uses it: plain, chained to the sum before, and tied to a page's place. */
class ChecksumsTest {
  private final Checksums checksums = new Checksums();

  @Test
  void thePlainSumIsCrc32cAndLeavesThePosition() {
    ByteBuffer bytes = ByteBuffer.wrap("x123456789".getBytes(StandardCharsets.UTF_8)).position(1);
    assertThat(checksums.sum(bytes)).as("the check value of CRC32C").isEqualTo(0xE306_9283);
    assertThat(bytes.position()).isEqualTo(1);
  }

  @Test
  void theSumOfALogRecordIsTheOneOfTheFormatPage() {
    byte[] record =
        HexFormat.of()
            .parseHex("ad155a85200000000100000000000000" + "01000100020000006b76770000000000");
    assertThat(checksums.chained(0, 0x1122_3344_5566_7788L, record, 4, 28)).isEqualTo(0x855A_15AD);
    assertThat(checksums.chained(0, 0x1122_3344_5566_7788L, ByteBuffer.wrap(record, 4, 28)))
        .isEqualTo(0x855A_15AD);
  }

  @Test
  void theSameBytesAfterAnotherRecordOrUnderAnotherSaltHaveAnotherSum() {
    byte[] record = {1, 2, 3};
    assertThat(checksums.chained(1, 2, record, 0, 3))
        .isEqualTo(checksums.chained(1, 2, record, 0, 3))
        .isNotEqualTo(checksums.chained(0, 2, record, 0, 3))
        .isNotEqualTo(checksums.chained(1, 3, record, 0, 3))
        .isNotEqualTo(checksums.chained(1, 2, record, 0, 2));
  }

  @Test
  void theSumOfAPageIsTiedToItsNumberAndGeneration() {
    ByteBuffer zeros = ByteBuffer.allocate(PageLayout.PAGE_BYTES);
    assertThat(checksums.page(2, 1, zeros)).as("the format page's").isEqualTo(0x1282_20C1);
    assertThat(checksums.page(3, 1, zeros)).isNotEqualTo(0x1282_20C1);
    assertThat(checksums.page(2, 2, zeros)).isNotEqualTo(0x1282_20C1);
  }
}
