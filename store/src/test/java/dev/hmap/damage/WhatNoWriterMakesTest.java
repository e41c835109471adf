package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.LeavesDamage;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.format.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** States with right sums that no writer makes, one by one: refused, or found by verifying. */
@LeavesDamage("each store is what no writer makes")
class WhatNoWriterMakesTest {
  private static final Path GOLDEN = Path.of("..", "format-spec", "golden");
  private static final int PAGE = PageLayout.PAGE_BYTES;

  /** Of a bucket whose keys are entries. */
  private static final BucketLayout REFERENCES =
      new BucketLayout(new Geometry(0, 0, "string", "string"));

  @TempDir Path folder;
  private Path path;
  private ByteBuffer data;
  private ByteBuffer log;
  private Sums sums;

  private void read(String name) throws IOException {
    path = folder.resolve(name + ".hmap");
    data = ByteBuffer.wrap(unzipped(name + ".hmap.gz")).order(ByteOrder.LITTLE_ENDIAN);
    Path zipped = GOLDEN.resolve(name + ".hmap-log.gz");
    log =
        ByteBuffer.wrap(Files.exists(zipped) ? unzipped(name + ".hmap-log.gz") : new byte[0])
            .order(ByteOrder.LITTLE_ENDIAN);
    sums = new Sums(data, log);
  }

  private static byte[] unzipped(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(GOLDEN.resolve(name)))) {
      return in.readAllBytes();
    }
  }

  private void write() throws IOException {
    Files.write(path, data.array());
    if (log.capacity() > 0) {
      Files.write(path.resolveSibling(path.getFileName() + "-log"), log.array());
    }
  }

  private void shouldBeRefused(String why) throws IOException {
    write();
    assertThatThrownBy(() -> HMapAdmin.inspect(path))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining(why);
    assertThat(HMapAdmin.verify(path, _ -> {}).isSound()).isFalse();
  }

  private int header() {
    return sums.newestSlot();
  }

  private void header(int offset, int value) {
    data.putInt(header() + offset, value);
    sums.mendHeader(data, header());
  }

  // ------------------------------------------------- headers

  /** What makes two headers those of different stores. */
  enum Difference {
    GENERATION {
      @Override
      void make(ByteBuffer data, int at) {
        data.putLong(at + 16, data.getLong(at + 16) + 4);
      }
    },
    STORE {
      @Override
      void make(ByteBuffer data, int at) {
        data.putLong(at + 32, 99);
      }
    },
    FORMER {
      @Override
      void make(ByteBuffer data, int at) {
        data.putLong(at + 216, 99);
      }
    },
    SHAPE {
      @Override
      void make(ByteBuffer data, int at) {
        data.put(at + 1028, (byte) 'L');
      }
    };

    abstract void make(ByteBuffer data, int at);
  }

  @ParameterizedTest
  @EnumSource
  void twoSoundHeadersOfDifferentStoresAreRead(Difference difference) throws IOException {
    read("counts");
    int other = PAGE - header();
    difference.make(data, other);
    sums.mendHeader(data, other);
    shouldBeRefused("not of one store in a row");
  }

  @Test
  void aGrowthToTheSameSizeWithoutAnOldArrayIsRead() throws IOException {
    read("small");
    header(104, data.getInt(header() + 104) | HmapFields.FLAG_SAME_SIZE_GROW);
    shouldBeRefused("fields do not fit each other");
  }

  @Test
  void anOldArrayWithoutANumberIsPassedOver() throws IOException {
    read("small");
    header(168, 7); // its nextOverflow
    shouldBeRefused("fields do not fit each other");
  }

  @Test
  void aFileLongerThanItsExtentsIsRead() throws IOException {
    read("strings");
    header(44, data.getInt(header() + 44) + 1);
    shouldBeRefused("last extent ends at page");
  }

  @Test
  void aWidthThatDoesNotFitItsShapeIsSound() throws IOException {
    read("small");
    for (int slot = 0; slot < 2 * PAGE; slot += PAGE) {
      data.putShort(slot + 42, (short) 4);
      sums.mendHeader(data, slot);
    }
    shouldBeRefused("values of long the width 4");
  }

  @Test
  void aCodecWithTheShapeOfAnotherOneMakesAStoreThatNobodyCanRead() {
    Codec<Long> codec =
        new Codec<>() {
          @Override
          public String shape() {
            return "long";
          }

          @Override
          public byte[] encode(Long value) {
            return value.toString().getBytes(StandardCharsets.US_ASCII);
          }

          @Override
          public Long decode(byte[] bytes, int offset, int length) {
            return Long.valueOf(new String(bytes, offset, length, StandardCharsets.US_ASCII));
          }
        };
    assertThatThrownBy(() -> HMap.open(folder.resolve("store"), Codec.LONG, codec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shape long, which is of width 8");
  }

  private enum Color {
    RED
  }

  private record Fixed(long a, int b, Color c) {}

  private record Inner(Fixed fixed, String text) {}

  private record Outer(Inner inner, boolean b) {}

  @Test
  void theWidthOfAShapeIsThatOfItsCodec() {
    for (Codec<?> codec :
        List.of(
            Codec.BOOLEAN,
            Codec.BYTE,
            Codec.SHORT,
            Codec.INT,
            Codec.LONG,
            Codec.FLOAT,
            Codec.DOUBLE,
            Codec.UUID,
            Codec.INSTANT,
            Codec.STRING,
            Codec.BYTES,
            Codec.enumOf(Color.class),
            Codec.record(Fixed.class),
            Codec.record(Inner.class),
            Codec.record(Outer.class))) {
      assertThat(Shapes.width(codec.shape())).as(codec.shape()).hasValue(codec.width());
    }
    for (String other : List.of("", "mine", "record(", "record(a)", "record(a:long", "long ")) {
      assertThat(Shapes.width(other)).as(other).isEqualTo(OptionalInt.empty());
    }
  }

  // ------------------------------------------------- buckets and entries

  private ExtentRecord extent(int kind) {
    return sums.extents().stream().filter(r -> r.kind() == kind).findFirst().orElseThrow();
  }

  private void mendPages(int kind) {
    sums.extents().stream().filter(r -> r.kind() == kind).forEach(sums::mendPages);
  }

  private void shouldNotBeIterated() throws IOException {
    write();
    assertThat(HMapAdmin.verify(path, _ -> {}).isSound()).isFalse();
    try (HMap<String, String> map =
        HMap.at(path, Codec.STRING, Codec.STRING).withoutBean().readOnly().open()) {
      assertThatThrownBy(() -> map.forEach((_, _) -> {}))
          .isInstanceOf(StoreCorruptException.class)
          .hasMessageContaining("is damaged");
    }
  }

  /** Where the first reference of the first chain with one is. */
  private int firstReference() {
    int at = extent(ExtentRecord.KIND_BUCKETS).page() * PAGE;
    while (Byte.toUnsignedInt(data.get(at)) < BucketLayout.MIN_TOP_HASH) {
      at += REFERENCES.bytes();
    }
    return at + REFERENCES.reference(0);
  }

  private static long reference(long before, long address) {
    return before & -1L << 40 | address >>> 3;
  }

  @Test
  void anOddVersionIsIgnored() throws IOException {
    read("strings");
    int root = extent(ExtentRecord.KIND_BUCKETS).page() * PAGE;
    data.putInt(root + REFERENCES.version(), 7);
    mendPages(ExtentRecord.KIND_BUCKETS);
    shouldNotBeIterated();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "other entry", "slot never used", "middle of a slot"})
  void aReferenceThatLeadsElsewhereIsPassedOver(String where) throws IOException {
    read("strings");
    int at = firstReference();
    long before = data.getLong(at);
    long entry = 8 * (before & (1L << 40) - 1);
    ExtentRecord slab =
        sums.extents().stream()
            .filter(r -> r.kind() == ExtentRecord.KIND_SLAB && r.page() * (long) PAGE != entry)
            .findFirst()
            .orElseThrow();
    long address =
        switch (where) {
          case "bucket" -> (long) extent(ExtentRecord.KIND_BUCKETS).page() * PAGE;
          case "other entry" -> (long) slab.page() * PAGE + 16;
          case "slot never used" -> (long) slab.page() * PAGE + 2048;
          default -> entry + 8;
        };
    data.putLong(at, reference(before, address));
    mendPages(ExtentRecord.KIND_BUCKETS);
    shouldNotBeIterated();
  }

  @Test
  void aWrongOwnerOfALargeEntryIsSound() throws IOException {
    read("strings");
    int index = sums.extents().indexOf(extent(ExtentRecord.KIND_LARGE));
    int owner = sums.directoryAt() + 24 + 24 * index + 8;
    data.putInt(owner, data.getInt(owner) + 1);
    sums.mendDirectory();
    write();
    assertThat(HMapAdmin.verify(path, _ -> {}).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("is recorded with an entry of"));
  }

  // ------------------------------------------------- the log

  /** The records of the first segment up to the one at the header's position. */
  private List<Integer> records() {
    List<Integer> records = new ArrayList<>();
    int first = LogHead.BYTES + SegmentHeader.BYTES;
    int last = first + (int) data.getLong(header() + 72);
    for (int at = first; at <= last; at += log.getInt(at + LogRecordLayout.LENGTH)) {
      records.add(at);
    }
    assertThat(records.getLast()).isEqualTo(last);
    return records;
  }

  @ParameterizedTest
  @ValueSource(ints = {Operation.CLEAR, Operation.BATCH, Operation.MARK})
  void anOperationThatNoWriterLogsIsApplied(int kind) throws IOException {
    read("unclean");
    List<Integer> records = records();
    int at = records.getLast();
    int room = log.getInt(at + LogRecordLayout.LENGTH) - LogRecordLayout.OPERATION - 8;
    assertThat(room).isGreaterThan(8);
    int keyLength = kind == Operation.MARK ? 0 : kind == Operation.CLEAR ? room - 8 : room;
    int operation = at + LogRecordLayout.OPERATION;
    Operation.putHeader(log.array(), operation, kind, keyLength, room - keyLength);
    sums.mendRecords(records);
    shouldBeRefused(kind == Operation.MARK ? "in no batch" : "operation of kind " + kind);
  }

  @Test
  void anImageOfNoValidKindEndsItsSetInSilence() throws IOException {
    read("committed");
    log.putInt(sums.images().getFirst() + PageImageLayout.KIND, 3);
    sums.mendImages();
    shouldBeRefused("an image of kind 3");
  }

  @Test
  void anImageOfAHeaderPageEndsItsSetInSilence() throws IOException {
    read("committed");
    log.putInt(sums.images().getFirst() + PageImageLayout.PAGE, 1);
    sums.mendImages();
    shouldBeRefused("an image of kind 1 of page 1");
  }
}
