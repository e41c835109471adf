package dev.hmap.cli.report;

import dev.hmap.cli.text.TimeToLive;
import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** An inspection for people: a screenful, the verdict first. */
public final class InspectionText {
  private static final int BAR_WIDTH = 40;
  private static final String USE_MARKS = "#+-o.";
  private static final int SPACE_WIDTH = 70;
  private static final int CHAIN_ROWS = 6;

  private final Inspection i;
  private final List<String> lines = new ArrayList<>();

  private InspectionText(Inspection inspection) {
    this.i = inspection;
  }

  /** The whole of it. */
  public static String of(Inspection inspection) {
    InspectionText text = new InspectionText(inspection);
    text.verdict();
    text.add("verdict      " + Verdict.line(Verdict.reasons(inspection)));
    text.hmap();
    text.evacuation();
    text.chains();
    text.space();
    text.biggest();
    text.log();
    return String.join("\n", text.lines) + "\n";
  }

  /** What can be said without a walk over the chains. */
  public static List<String> glance(Inspection inspection) {
    InspectionText text = new InspectionText(inspection);
    text.verdict();
    text.hmap();
    text.evacuation();
    text.places();
    text.log();
    return text.lines;
  }

  /** How the store stands, and the fields of {@code hmap}. */
  public static List<String> summary(Inspection inspection) {
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
  public static String stop(Inspection i) {
    return i.clean() ? "cleanly closed" : "stopped uncleanly, or open right now";
  }

  private String growth() {
    if (i.oldB() < 0) {
      return "not growing";
    }
    return i.sameSizeGrow()
        ? "growing to the same size, 2^%d".formatted(i.B())
        : "%s from 2^%d to 2^%d"
            .formatted(i.oldB() < i.B() ? "growing" : "shrinking", i.oldB(), i.B());
  }

  private void hmap() {
    add("codecs       %s to %s".formatted(i.keyShape(), i.valueShape()));
    String life = life(i);
    if (!life.isEmpty()) {
      add("             " + life);
    }
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
    int units = Math.min(i.oldB(), i.B()); // two chains each where the array is halved
    long all = 1L << units;
    add(
        "evacuation   nevacuate %,d / 2^%d  [%s] %.1f %%"
            .formatted(
                i.nevacuate(),
                units,
                Bar.of(i.nevacuate(), all, BAR_WIDTH),
                Bar.percent(i.nevacuate(), all)));
  }

  /** The time to live and the mark, empty if there is neither. */
  static String life(Inspection i) {
    List<String> parts = new ArrayList<>();
    if (i.timeToLiveMillis() > 0) {
      parts.add("time to live " + TimeToLive.print(i.timeToLiveMillis()));
    }
    if (i.mark().length > 0) {
      parts.add("mark of %,d bytes, %s".formatted(i.mark().length, Shown.hex(i.mark())));
    }
    return String.join("   ", parts);
  }

  private void chains() {
    long[] lengths = i.chainLengths();
    int longest = ChainRow.longest(lengths);
    long all = LongStream.of(lengths).sum();
    add(
        "chains       %,d, by their number of buckets; predicted for %s"
            .formatted(all, ChainPrediction.basis(i.census())));
    for (ChainRow row : ChainRow.of(i, Math.min(longest, CHAIN_ROWS))) {
      add(
          "  %-5s %,15d  [%s] %5.1f %%  predicted %5.1f %%"
              .formatted(
                  row.label(),
                  row.chains(),
                  Bar.of(row.chains(), all, BAR_WIDTH),
                  row.percent(),
                  row.predictedPercent()));
    }
  }

  private void space() {
    add("space        %,d bytes".formatted(i.fileBytes()));
    List<InspectionSpace> uses = InspectionSpace.byUse(i);
    add("  [%s]".formatted(Bar.parts(uses, USE_MARKS, i.fileBytes(), SPACE_WIDTH)));
    List<String> legend = new ArrayList<>();
    for (int n = 0; n < uses.size(); n++) {
      InspectionSpace use = uses.get(n);
      legend.add("%s %s %.1f %%".formatted(USE_MARKS.charAt(n), use.name(), percent(use)));
    }
    add("  " + String.join("   ", legend));
    places();
  }

  private double percent(InspectionSpace part) {
    return Bar.percent(part.bytes(), i.fileBytes());
  }

  /** Where the bytes are, two parts a line. */
  private void places() {
    List<String> parts = new ArrayList<>();
    for (InspectionSpace part : InspectionSpace.of(i)) {
      if (part.bytes() > 0) {
        parts.add("  %-13s %,15d  %5.1f %%".formatted(part.name(), part.bytes(), percent(part)));
      }
    }
    parts.add("  %-13s %,15d  beside it".formatted("log", i.logFileBytes()));
    for (int n = 0; n < parts.size(); n += 2) {
      add(parts.get(n) + (n + 1 < parts.size() ? "  " + parts.get(n + 1) : ""));
    }
  }

  private void biggest() {
    Census census = i.census();
    if (census.biggest().isEmpty()) {
      return;
    }
    if (i.keyWidth() > 0 && i.valueWidth() > 0) {
      add("entries      all of %,d bytes".formatted(census.biggest().getFirst().bytes()));
      return;
    }
    add(
        "biggest      entries, bytes of key and value; the mean is %,d"
            .formatted((census.keyBytes() + census.valueBytes()) / Math.max(1, i.count())));
    Shown keys = Shown.of(i.keyShape());
    for (Census.Entry e : census.biggest()) {
      add("  %,15d  %s".formatted(e.bytes(), keys.text(e.key())));
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
