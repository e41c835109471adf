package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The first page of a log says whose it is; any other page there, and it is nobody's log. */
class LogHeadTest {
  private static final LogHead HEAD = new LogHead(0x0706_0504_0302_0100L, 0x0F0E_0D0C_0B0A_0908L);

  @Test
  void theFieldsLieWhereTheFormatPageHasThem() {
    ByteBuffer page = HEAD.encode().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(page.remaining()).isEqualTo(4096);
    byte[] magic = new byte[8];
    page.get(0, magic);
    assertThat(magic).isEqualTo("HMAPLOGS".getBytes(StandardCharsets.US_ASCII));
    assertThat(page.getInt(8)).as("version").isEqualTo(1);
    for (int i = 0; i < 16; i++) {
      assertThat(page.get(16 + i)).as("byte %d of the id", i).isEqualTo((byte) i);
    }
    assertThat(page.getInt(32)).as("the example's sum").isEqualTo(0x81B6_89E3);
  }

  @Test
  void onlyTheLogOfTheStoreIsRecognized() {
    assertThat(HEAD.isIn(HEAD.encode())).isTrue();
    assertThat(new LogHead(HEAD.storeIdHigh(), 1).isIn(HEAD.encode())).isFalse();
    assertThat(new LogHead(1, HEAD.storeIdLow()).isIn(HEAD.encode())).isFalse();
  }

  @Test
  void aChangeInTheLastOfItsZerosMakesItNobodysLog() {
    assertThat(HEAD.isIn(HEAD.encode().put(4095, (byte) 1))).isFalse();
    assertThat(HEAD.isIn(HEAD.encode().limit(4095))).isFalse();
  }
}
