package dev.hmap.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.HMapStats;
import dev.hmap.report.Inspection;
import java.io.IOException;

/**
 * The figures that say most about a store, in one line.
 *
 * @param count entries
 * @param b the map has 2^b root buckets
 * @param loadFactor entries for each of them
 * @param fileBytes length of the data file
 * @param freeBytes of it free
 * @param oldB binary logarithm of the roots of the array being evacuated, -1 if none is
 * @param nevacuate how many of them are evacuated
 * @param logBytes of the log that opening would replay
 */
public record Figures(
    long count,
    int b,
    double loadFactor,
    long fileBytes,
    long freeBytes,
    int oldB,
    long nevacuate,
    long logBytes) {

  public static Figures of(Inspection i) {
    return new Figures(
        i.count(),
        i.B(),
        i.loadFactor(),
        i.fileBytes(),
        i.freeBytes(),
        i.oldB(),
        i.nevacuate(),
        i.logPositionLsn() - i.checkpointLsn());
  }

  /** Of a store that this process has open. */
  public static Figures of(HMapStats s) {
    HMapStats.Growth growth = s.growth();
    int oldB = growth.sameSizeGrow() ? growth.b() : growth.b() - 1;
    return new Figures(
        s.count(),
        growth.b(),
        growth.loadFactor(),
        s.space().fileBytes(),
        s.space().freeBytes(),
        growth.oldbuckets() == 0 ? -1 : oldB,
        growth.nevacuate(),
        s.log().logBytes());
  }

  /** Without a line feed. */
  public String line() {
    return "%,d entries, load factor %.2f, %,d bytes (%.1f %% free), %s, log %,d bytes"
        .formatted(
            count, loadFactor, fileBytes, Bar.percent(freeBytes, fileBytes), growth(), logBytes);
  }

  private String growth() {
    if (oldB < 0) {
      return "not growing";
    }
    return "%s from 2^%d to 2^%d (%.1f %% evacuated)"
        .formatted(oldB > b ? "shrinking" : "growing", oldB, b, evacuated());
  }

  private double evacuated() {
    return Bar.percent(nevacuate, 1L << Math.min(oldB, b));
  }

  /** The same as fields of an object. */
  public void writeTo(JsonGenerator out) throws IOException {
    out.writeNumberField("count", count);
    out.writeNumberField("B", b);
    out.writeNumberField("loadFactor", loadFactor);
    out.writeNumberField("fileBytes", fileBytes);
    out.writeNumberField("freeBytes", freeBytes);
    out.writeBooleanField("growing", oldB >= 0);
    if (oldB >= 0) {
      out.writeNumberField("oldB", oldB);
      out.writeNumberField("nevacuate", nevacuate);
    }
    out.writeNumberField("logBytes", logBytes);
  }
}
