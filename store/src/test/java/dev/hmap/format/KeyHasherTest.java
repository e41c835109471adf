package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash of a key is XXH3 of 64 bits, seeded: the values are those of the format page. */
class KeyHasherTest {

  @ParameterizedTest
  @CsvSource({
    "   0, 2d06800538d394c2, cc1ca35a1b089c5c",
    "   1, c44bdff4074eecdb, d5dd68911c7f195d",
    "   8, 3a1c2d7c85af88f8, d204fc26419c7d22",
    "  17, 9ef341a99de37328, ebce4845f0c75f02",
    " 240, 375a384d957fe865, 4b1593ee9603224a",
    "1025, 78c86e91ee939852, 88459a75cce0df0c",
  })
  void bytesThatCountUpHaveTheHashesOfTheFormatPage(int length, String unseeded, String seeded) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(new KeyHasher(0).hash(bytes, 0, length))
        .isEqualTo(Long.parseUnsignedLong(unseeded, 16));
    assertThat(new KeyHasher(0x0123_4567_89AB_CDEFL).hash(bytes, 0, length))
        .isEqualTo(Long.parseUnsignedLong(seeded, 16));
  }

  @Test
  void aKeyWithinALongerArrayHasTheHashThatItHasAlone() {
    KeyHasher hasher = new KeyHasher(0x1716_1514_1312_1110L);
    byte[] around = "<key-7>".getBytes(StandardCharsets.UTF_8);
    assertThat(hasher.hash(around, 1, 5)).isEqualTo(0xE87E_60A3_4EA9_D77EL);
  }

  @Test
  void aLongHasTheHashOfItsBytesLittleEndian() {
    assertThat(new KeyHasher(0).hash(0x0706_0504_0302_0100L)).isEqualTo(0x3A1C_2D7C_85AF_88F8L);
  }
}
