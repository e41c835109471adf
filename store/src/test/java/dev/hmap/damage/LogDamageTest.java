package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.Probe.Result;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.SegmentHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damage to the log: what is read is what was there after some write, or the store is refused. */
@Tag("verify")
@Tag("promise:damage")
class LogDamageTest {
  private static final int SECTOR = 512;
  private static final int RECORDS = 64 * SECTOR;
  private static final int RECORD_HEAD = LogRecordLayout.OPERATION + Operation.HEADER_BYTES;

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#withLog")
  void eachBitOfTheSegmentHeadsFlipped(Sample<?, ?> sample) {
    try (Cases cases = new Cases("bits of segment heads, " + sample)) {
      byte[] log = sample.log();
      for (int slot = LogHead.BYTES; slot < log.length; slot += SegmentHeader.SEGMENT_BYTES) {
        eachBit(cases, sample, slot, SegmentHeader.BYTES);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#withLog")
  void eachBitOfTheFilesHeadFlipped(Sample<?, ?> sample) {
    try (Cases cases = new Cases("bits of the log's head, " + sample)) {
      eachBit(cases, sample, 0, 40);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#withLog")
  void eachBitOfSomeRecordHeadsFlipped(Sample<?, ?> sample) {
    try (Cases cases = new Cases("bits of records, " + sample)) {
      List<Integer> records = records(sample.log());
      for (int i = 0; i < records.size(); i += Math.max(1, records.size() / 4)) {
        eachBit(cases, sample, records.get(i), RECORD_HEAD);
      }
    }
  }

  private static void eachBit(Cases cases, Sample<?, ?> sample, int from, int length) {
    for (int bit = from * 8; bit < (from + length) * 8; bit++) {
      byte[] log = sample.log();
      log[bit / 8] ^= (byte) (1 << bit % 8);
      String what = "bit %d of byte %d".formatted(bit % 8, bit / 8);
      boolean isUsed = bit % 16 == 0;
      cases.run(() -> what, () -> check(sample, log, isUsed));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#withLog")
  void eachSectorTruncated(Sample<?, ?> sample) {
    byte[] log = sample.log();
    int end = end(log);
    try (Cases cases = new Cases("log truncated, " + sample)) {
      for (int length = 0; length < log.length; length += SECTOR) {
        // bytes after the last whole segment do not count: few lengths in there will do
        int within = Math.floorMod(length - LogHead.BYTES, SegmentHeader.SEGMENT_BYTES);
        if (length <= LogHead.BYTES || within < 4 * SECTOR || length % (256 * SECTOR) == 0) {
          byte[] cut = Arrays.copyOf(log, length);
          String what = "cut to %d".formatted(length);
          cases.run(() -> what, () -> check(sample, cut, true));
        }
        boolean isAtRecords = within < RECORDS;
        if (length < end && (isAtRecords || length % (128 * SECTOR) == 0)) {
          byte[] zeros = log.clone();
          Arrays.fill(zeros, length, log.length, (byte) 0);
          String what = "zeros from %d".formatted(length);
          boolean isUsed = length % (64 * SECTOR) == 0;
          cases.run(() -> what, () -> check(sample, zeros, isUsed));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#withLog")
  void eachSegmentOverEachOther(Sample<?, ?> sample) {
    byte[] log = sample.log();
    int n = log.length / SegmentHeader.SEGMENT_BYTES;
    try (Cases cases = new Cases("segments over segments, " + sample)) {
      for (int i = 0; i < n * n; i++) {
        byte[] damaged = log.clone();
        System.arraycopy(
            log,
            LogHead.BYTES + i / n * SegmentHeader.SEGMENT_BYTES,
            damaged,
            LogHead.BYTES + i % n * SegmentHeader.SEGMENT_BYTES,
            SegmentHeader.SEGMENT_BYTES);
        String what = "segment %d over %d".formatted(i / n, i % n);
        cases.run(() -> what, () -> check(sample, damaged, true));
      }
    }
  }

  private static void check(Sample<?, ?> sample, byte[] log, boolean isUsed) {
    Probe<?, ?> probe = new Probe<>(sample, Sample.files(sample.data(), log));
    assertThat(isUsed ? probe.use() : probe.read()).isNotEqualTo(Result.WRONG);
  }

  /** Where the last bytes lie that are not zero. */
  private static int end(byte[] log) {
    int end = log.length;
    while (end > 0 && log[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /** Where records lie that are in one segment, as far as they follow each other there. */
  static List<Integer> records(byte[] log) {
    ByteBuffer bytes = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> found = new ArrayList<>();
    for (int slot = LogHead.BYTES; slot < log.length; slot += SegmentHeader.SEGMENT_BYTES) {
      int at = slot + SegmentHeader.BYTES;
      boolean isRecords = bytes.getInt(slot + 8) == SegmentHeader.KIND_RECORDS;
      while (isRecords && at + RECORD_HEAD < slot + SegmentHeader.SEGMENT_BYTES) {
        int length = bytes.getInt(at + LogRecordLayout.LENGTH);
        if (length < RECORD_HEAD || length > SegmentHeader.SEGMENT_BYTES) {
          break;
        }
        found.add(at);
        at += length;
      }
    }
    return found;
  }
}
