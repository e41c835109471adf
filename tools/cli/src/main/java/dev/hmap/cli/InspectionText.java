package dev.hmap.cli;

import dev.hmap.Inspection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** An inspection for people: a screenful, the verdict first. */
final class InspectionText {
  private static final int BAR_WIDTH = 40;
  private static final int CHAIN_ROWS = 6;

  private final Inspection i;
  private final List<String> lines = new ArrayList<>();

  private InspectionText(Inspection inspection) {
    this.i = inspection;
  }

  /** The whole of it. */
  static String of(Inspection inspection) {
    InspectionText text = new InspectionText(inspection);
    text.verdict();
    text.hmap();
    text.evacuation();
    text.chains();
    text.space();
    text.log();
    return String.join("\n", text.lines) + "\n";
  }

  /** How the store stands, and the fields of {@code hmap}. */
  static List<String> summary(Inspection inspection) {
    InspectionText text = new InspectionText(inspection);
    text.verdict();
    text.hmap();
    text.evacuation();
    return text.lines;
  }

  private void add(String line) {
    lines.add(line);
  }

  private void verdict() {
    add("%s: %s, %s".formatted(i.path().getFileName(), stop(i), growth()));
    if (!i.clean()) {
      add(
          "             shown as opening would make it: %,d log records replayed%s"
              .formatted(
                  i.replayedRecords(), i.completedCheckpoint() ? ", a checkpoint completed" : ""));
    }
  }

  /** How the store was left. */
  static String stop(Inspection i) {
    return i.clean() ? "cleanly closed" : "stopped uncleanly, or open right now";
  }

  private String growth() {
    if (i.oldB() < 0) {
      return "not growing";
    }
    return i.sameSizeGrow()
        ? "growing to the same size, 2^%d".formatted(i.B())
        : "growing from 2^%d to 2^%d".formatted(i.oldB(), i.B());
  }

  private void hmap() {
    add("codecs       %s to %s".formatted(i.keyShape(), i.valueShape()));
    add(
        "hmap         count %,d   B %d   noverflow %,d   flags %d%s"
            .formatted(
                i.count(),
                i.B(),
                i.noverflow(),
                i.flags(),
                i.flagNames().isEmpty() ? "" : " (" + String.join(", ", i.flagNames()) + ")"));
    add(
        "             hash0 0x%016x   buckets %d   oldbuckets %d   nevacuate %,d"
            .formatted(i.hash0(), i.buckets(), i.oldbuckets(), i.nevacuate()));
    add(
        "extra        nextOverflow %,d   oldNoverflow %,d"
            .formatted(i.nextOverflow(), i.oldNoverflow()));
    add(
        "load factor  %.2f entries for each root bucket; doubles above 6.50"
            .formatted(i.loadFactor()));
  }

  private void evacuation() {
    if (i.oldB() < 0) {
      add("evacuation   none under way");
      return;
    }
    long chains = 1L << i.oldB();
    add(
        "evacuation   nevacuate %,d / 2^%d  [%s] %.1f %%"
            .formatted(
                i.nevacuate(),
                i.oldB(),
                Bar.of(i.nevacuate(), chains, BAR_WIDTH),
                Bar.percent(i.nevacuate(), chains)));
  }

  private void chains() {
    long[] lengths = i.chainLengths();
    int longest = lengths.length - 1;
    while (longest > 1 && lengths[longest] == 0) {
      longest--;
    }
    long all = LongStream.of(lengths).skip(1).sum();
    add("chains       %,d, by their number of buckets".formatted(all));
    for (int n = 1; n <= Math.min(longest, CHAIN_ROWS); n++) {
      chain(String.valueOf(n), lengths[n], all);
    }
    if (longest > CHAIN_ROWS) {
      long rest = Arrays.stream(lengths, CHAIN_ROWS + 1, longest + 1).sum();
      chain("%d-%d".formatted(CHAIN_ROWS + 1, longest), rest, all);
    }
  }

  private void chain(String buckets, long chains, long all) {
    add(
        "  %-10s %,15d  [%s] %.1f %%"
            .formatted(buckets, chains, Bar.of(chains, all, BAR_WIDTH), Bar.percent(chains, all)));
  }

  private void space() {
    add("space        %,d bytes; %,d of them in entries".formatted(i.fileBytes(), i.entryBytes()));
    for (InspectionSpace part : InspectionSpace.of(i)) {
      add(
          "  %-10s %,15d  %5.1f %%"
              .formatted(part.name(), part.bytes(), Bar.percent(part.bytes(), i.fileBytes())));
    }
  }

  private void log() {
    add(
        "log          %s; position lsn %,d, sequence %,d"
            .formatted(
                i.logPresent() ? "%,d bytes".formatted(i.logFileBytes()) : "no file",
                i.logPositionLsn(),
                i.logPositionSequence()));
    add(
        "checkpoint   generation %,d at lsn %,d, sequence %,d"
            .formatted(i.generation(), i.checkpointLsn(), i.checkpointSequence()));
  }
}
