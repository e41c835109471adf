package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A header slot: what a store is, where its directory lies, and from where the log counts. */
class StoreHeaderTest {

  /** The beginning of page 1 of the smallest store, as the format's example has it. */
  private static final String EMPTY =
      """
      48 4d 41 50 46 49 4c 45 01 00 00 00 00 00 00 00
      01 00 00 00 00 00 00 00 00 01 02 03 04 05 06 07
      08 09 0a 0b 0c 0d 0e 0f 08 00 08 00 04 00 00 00
      03 00 00 00 00 00 00 00 48 00 00 00 cd f3 86 56
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 10 11 12 13 14 15 16 17
      01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00
      01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      """;

  private static final LogPosition LATER = new LogPosition(3, 4_000, 50, 0x600);

  private static StoreHeader header(long generation, Geometry geometry, LogPosition log) {
    ArrayDescriptor buckets = new ArrayDescriptor(1, 0, 0, 1, 0, 1, 0);
    return new StoreHeader(
        generation,
        0x0706_0504_0302_0100L,
        0x0F0E_0D0C_0B0A_0908L,
        LogHead.NONE,
        geometry,
        4,
        new StoreHeader.DirectoryPointer(3, 0, 72, 0x5686_F3CD),
        log,
        new HmapFields(0, 0, 0, 0, 0x1716_1514_1312_1110L, buckets, ArrayDescriptor.NONE, 0, 0, 0),
        geometry.expires() ? 1_000 : 0,
        geometry.expires() ? 2_000 : 0);
  }

  private static StoreHeader longs(long generation, LogPosition log) {
    return header(generation, new Geometry(8, 8, "long", "long"), log);
  }

  private static ByteBuffer encoded(StoreHeader header) {
    return header.encode().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void theHeaderOfTheSmallestStoreIsTheOneOfTheExample() {
    ByteBuffer page = encoded(longs(1, LogPosition.START));
    byte[] expected = HexFormat.of().parseHex(EMPTY.replaceAll("\\s", ""));
    assertThat(page.slice(0, expected.length)).isEqualTo(ByteBuffer.wrap(expected));
    assertThat(page.getInt(4092)).as("crc").isEqualTo(0xFE6D_BE2F);
    assertThat(StoreHeader.slotPage(1)).isEqualTo(1);
  }

  @Test
  void whatWasEncodedIsDecoded() {
    Geometry geometry = new Geometry(16, 0, "uuid", "string", 86_400_000);
    StoreHeader header = header(8, geometry, LATER);
    assertThat(StoreHeader.decode(encoded(header))).isEqualTo(header);
    assertThat(StoreHeader.slotPage(8)).isZero();
  }

  @Test
  void aChangedByteMakesASlotUnsound() {
    ByteBuffer page = encoded(longs(1, LogPosition.START));
    assertThat(StoreHeader.isSound(page)).isTrue();
    assertThat(StoreHeader.isSound(page.put(4091, (byte) 1))).isFalse();
    assertThat(StoreHeader.hasMagic(page)).isTrue();
    assertThat(StoreHeader.hasMagic(page.put(0, (byte) 'h'))).isFalse();
  }

  @Test
  void aTornSlotMayStillShowThatItWasTheOneBefore() {
    StoreHeader header = longs(8, LATER);
    assertThat(StoreHeader.claimsToPrecede(encoded(longs(7, LATER)), header)).isTrue();
    assertThat(StoreHeader.claimsToPrecede(encoded(longs(9, LATER)), header)).isFalse();
    LogPosition ahead = new LogPosition(3, LATER.lsn() + 8, 51, 0x700);
    assertThat(StoreHeader.claimsToPrecede(encoded(longs(7, ahead)), header)).isFalse();
  }

  @Test
  void fieldsWithoutAValidValueAreRefused() {
    ByteBuffer narrow = encoded(longs(1, LogPosition.START)).putShort(40, (short) 4);
    assertThatThrownBy(() -> StoreHeader.decode(narrow))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("keys of long have the width 4, values of long the width 8");
    ByteBuffer timeless = encoded(longs(1, LogPosition.START)).putLong(200, 1);
    assertThatThrownBy(() -> StoreHeader.decode(timeless))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("the horizon 1 and the time 0, where times are 0 to 0");
  }
}
