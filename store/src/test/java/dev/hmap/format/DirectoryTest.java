package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The directory lists every extent in use, each as an {@link ExtentRecord}, and the mark. */
class DirectoryTest {
  private static final byte[] NO_MARK = {};
  private static final ExtentRecord BUCKETS =
      new ExtentRecord(2, ExtentRecord.KIND_BUCKETS, 0, 0, 1, 0, 0, 0);
  private static final ExtentRecord SLAB =
      new ExtentRecord(0x0123_4567, ExtentRecord.KIND_SLAB, 10, 50, 0, 7, 8, 9);
  private static final ExtentRecord ITSELF =
      new ExtentRecord(3, ExtentRecord.KIND_DIRECTORY, 0, 0, 0, 0, 0, 0);

  /** The directory of the smallest store, as the format's example has it. */
  private static final String EMPTY =
      """
      48 44 49 52 02 00 00 00 01 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 02 00 00 00 01 00 00 00
      01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      03 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00
      """;

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void theDirectoryOfTheSmallestStoreIsTheOneOfTheExample() {
    ByteBuffer encoded =
        new Directory(List.of(BUCKETS, ITSELF), EvacuatedUnits.NONE, NO_MARK).encode(1);
    assertThat(encoded).isEqualTo(bytes(EMPTY));
    assertThat(new Checksums().sum(encoded)).isEqualTo(0x5686_F3CD);
    assertThat(Directory.decode(1, 0, bytes(EMPTY)).extents()).containsExactly(BUCKETS, ITSELF);
  }

  @Test
  void extentsKeepTheirOrderAndWhatIsEvacuatedAndTheMarkComeAfterThem() {
    byte[] mark = "up to 3".getBytes(StandardCharsets.UTF_8);
    EvacuatedUnits evacuated = new EvacuatedUnits(130, new long[] {7, 1L << 63});
    ByteBuffer encoded = new Directory(List.of(SLAB, ITSELF, BUCKETS), evacuated, mark).encode(9);
    assertThat(encoded.remaining()).isEqualTo(24 + 3 * 24 + 16 + 7);
    assertThat(encoded.get(24 + 3 * 24)).as("units 128 to 135").isEqualTo((byte) 7);
    assertThat(encoded.get(24 + 3 * 24 + 15)).as("248 to 255").isEqualTo((byte) 0x80);
    Directory decoded = Directory.decode(9, 130, encoded);
    assertThat(decoded.extents()).containsExactly(SLAB, ITSELF, BUCKETS);
    assertThat(decoded.evacuated().nevacuate()).isEqualTo(130);
    assertThat(decoded.evacuated().words()).containsExactly(7, 1L << 63);
    assertThat(decoded.mark()).isEqualTo(mark);
  }

  @Test
  void aDirectoryMayBeOlderThanItsHeaderButNotNewer() {
    assertThat(Directory.decode(2, 0, bytes(EMPTY)).extents()).hasSize(2);
    assertThatThrownBy(() -> Directory.decode(0, 0, bytes(EMPTY)))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("of generation 1");
  }

  @Test
  void whatIsNoDirectoryOrOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> Directory.decode(1, 0, bytes(EMPTY).put(0, (byte) 'X')))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the directory of extents has no valid head");
    assertThatThrownBy(() -> Directory.decode(1, 0, bytes(EMPTY).limit(71)))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("2 records, 0 bytes of evacuated units and a mark of 0 bytes");
    assertThatThrownBy(() -> Directory.decode(1, 0, bytes(EMPTY).put(20, (byte) 4)))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("4 bytes of evacuated units");
  }

  @Test
  void itsExtentMayBeFilledToTheLastByteForItHasNoSums() {
    assertThat(Directory.order(169, 0, 16)).as("24 + 169 * 24 + 16 = 4,096 bytes").isZero();
    assertThat(Directory.order(169, 0, 17)).isEqualTo(1);
    assertThat(Directory.order(168, 32, 8)).isZero();
    assertThat(Directory.order(168, 32, 9)).isEqualTo(1);
    long evacuated = EvacuatedUnits.maxBytes(ArrayDescriptor.MAX_B);
    int mark = Directory.MAX_MARK_BYTES;
    assertThat(Directory.order(Directory.MAX_EXTENTS, evacuated, mark)).isEqualTo(15);
    assertThat(Directory.order(Directory.MAX_EXTENTS + 1, evacuated, mark)).isEqualTo(16);
  }
}
