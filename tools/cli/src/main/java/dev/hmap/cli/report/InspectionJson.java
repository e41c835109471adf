package dev.hmap.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.cli.console.JsonText;
import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.util.HexFormat;

/**
 * An inspection for programs: one object, the fields of {@code hmap} under their Go names. {@code
 * hash0} is a string of hexadecimal digits: most readers of JSON lose the low bits of 64.
 */
public final class InspectionJson {
  private InspectionJson() {}

  public static String of(Inspection i) throws IOException {
    return JsonText.of(out -> {
      store(i, out);
      hmap(i, out);
      derived(i, out);
      space(i, out);
      entries(i, out);
      log(i, out);
    });
  }

  private static void store(Inspection i, JsonGenerator out) throws IOException {
    out.writeStringField("path", i.path().toString());
    out.writeStringField("keyCodec", i.keyShape());
    out.writeStringField("valueCodec", i.valueShape());
    out.writeNumberField("keyWidth", i.keyWidth());
    out.writeNumberField("valueWidth", i.valueWidth());
    out.writeNumberField("timeToLiveMillis", i.timeToLiveMillis());
    out.writeStringField("mark", HexFormat.of().formatHex(i.mark()));
    out.writeNumberField("generation", i.generation());
    out.writeBooleanField("clean", i.clean());
    out.writeBooleanField("logPresent", i.logPresent());
    out.writeNumberField("replayedRecords", i.replayedRecords());
    out.writeBooleanField("completedCheckpoint", i.completedCheckpoint());
  }

  private static void hmap(Inspection i, JsonGenerator out) throws IOException {
    out.writeNumberField("count", i.count());
    out.writeNumberField("flags", i.flags());
    out.writeArrayFieldStart("flagNames");
    for (String name : i.flagNames()) {
      out.writeString(name);
    }
    out.writeEndArray();
    out.writeNumberField("B", i.B());
    out.writeNumberField("noverflow", i.noverflow());
    out.writeStringField("hash0", "0x%016x".formatted(i.hash0()));
    out.writeNumberField("buckets", i.buckets());
    out.writeNumberField("oldbuckets", i.oldbuckets());
    out.writeNumberField("nevacuate", i.nevacuate());
    out.writeObjectFieldStart("extra");
    out.writeNumberField("nextOverflow", i.nextOverflow());
    out.writeNumberField("oldNoverflow", i.oldNoverflow());
    out.writeEndObject();
  }

  private static void derived(Inspection i, JsonGenerator out) throws IOException {
    out.writeBooleanField("growing", i.oldB() >= 0);
    out.writeNumberField("oldB", i.oldB());
    out.writeBooleanField("sameSizeGrow", i.sameSizeGrow());
    out.writeNumberField("loadFactor", i.loadFactor());
    out.writeObjectFieldStart("chainLengths"); // number of buckets to number of chains
    for (int n = 1; n < i.chainLengths().length; n++) {
      out.writeNumberField(String.valueOf(n), i.chainLengths()[n]);
    }
    out.writeEndObject();
    out.writeObjectFieldStart("predictedChainLengths");
    for (int n = 1; n < i.chainLengths().length; n++) {
      out.writeNumberField(String.valueOf(n), ChainPrediction.chains(i.census(), n));
    }
    out.writeEndObject();
    out.writeArrayFieldStart("compactBecause");
    for (String reason : Verdict.reasons(i)) {
      out.writeString(reason);
    }
    out.writeEndArray();
  }

  private static void space(Inspection i, JsonGenerator out) throws IOException {
    out.writeNumberField("fileBytes", i.fileBytes());
    out.writeObjectFieldStart("bytes");
    for (InspectionSpace part : InspectionSpace.of(i)) {
      out.writeNumberField(part.name(), part.bytes());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("uses");
    for (InspectionSpace part : InspectionSpace.byUse(i)) {
      out.writeNumberField(part.name(), part.bytes());
    }
    out.writeEndObject();
    out.writeNumberField("entryBytes", i.entryBytes());
  }

  private static void entries(Inspection i, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("entrySizes"); // the power of two that a size is below, to entries
    long[] sizes = i.census().sizes();
    for (int n = 0; n < sizes.length; n++) {
      if (sizes[n] > 0) {
        out.writeNumberField(String.valueOf(1L << n), sizes[n]);
      }
    }
    out.writeEndObject();
    Shown keys = Shown.of(i.keyShape());
    out.writeArrayFieldStart("biggest");
    for (Census.Entry e : i.census().biggest()) {
      out.writeStartObject();
      out.writeStringField("key", keys.text(e.key()));
      out.writeNumberField("keyBytes", e.key().length);
      out.writeNumberField("valueBytes", e.valueBytes());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void log(Inspection i, JsonGenerator out) throws IOException {
    out.writeNumberField("logFileBytes", i.logFileBytes());
    position("logPosition", i.logPositionLsn(), i.logPositionSequence(), out);
    position("checkpoint", i.checkpointLsn(), i.checkpointSequence(), out);
  }

  private static void position(String name, long lsn, long sequence, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("lsn", lsn);
    out.writeNumberField("sequence", sequence);
    out.writeEndObject();
  }
}
