package dev.hmap.cli.report;

import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An inspection as one page by itself: it needs no script, no network and no other file. */
public final class InspectionHtml {
  private static final String STYLE = "inspection.css";
  private static final int CHAIN_ROWS = 8;

  private final Inspection i;
  private final Markup page = new Markup();

  private InspectionHtml(Inspection inspection) {
    this.i = inspection;
  }

  public static String of(Inspection inspection) throws IOException {
    InspectionHtml html = new InspectionHtml(inspection);
    html.head();
    html.verdict();
    html.tiles();
    html.maps();
    html.chains();
    html.space();
    html.entries();
    html.fields();
    html.page.raw("</main></body></html>");
    return html.page.toString();
  }

  private static String style() throws IOException {
    try (InputStream in = InspectionHtml.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IOException("the style sheet %s is missing".formatted(STYLE));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void head() throws IOException {
    page.raw("<!DOCTYPE html>")
        .raw("<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
        .add("<title>%s - hmap</title>", i.path().getFileName())
        .raw("<style>\n" + style() + "</style></head><body><main>")
        .add("<h1>%s</h1>", i.path().getFileName())
        .add("<p class=\"path\">%s</p>", i.path().toAbsolutePath());
  }

  private void verdict() {
    List<String> reasons = Verdict.reasons(i);
    page.add(
        "<p><span class=\"%s\">%s</span> %s</p>",
        reasons.isEmpty() ? "good" : "warn", Verdict.line(reasons), InspectionText.stop(i));
    page.add(
        "<p><code>%s</code> to <code>%s</code></p><p>%s</p>",
        i.keyShape(), i.valueShape(), InspectionText.life(i));
  }

  private void tiles() {
    page.raw("<div class=\"tiles\">");
    tile("entries", "%,d".formatted(i.count()));
    tile("load factor, doubles above 6.5", "%.2f".formatted(i.loadFactor()));
    tile("root buckets", "2^%d".formatted(i.B()));
    tile("bytes of data file", "%,d".formatted(i.fileBytes()));
    tile("free", "%.1f %%".formatted(Bar.percent(i.freeBytes(), i.fileBytes())));
    tile("bytes of log", "%,d".formatted(i.logFileBytes()));
    page.raw("</div>");
  }

  private void tile(String what, String figure) {
    page.add("<div><b>%s</b><span>%s</span></div>", figure, what);
  }

  private void maps() {
    Census census = i.census();
    page.raw("<section><h2>Buckets</h2>");
    if (i.oldB() >= 0) {
      long units = 1L << Math.min(i.oldB(), i.B()); // two chains each where the array is halved
      page.add(
          "<p>%s from 2^%s to 2^%s: nevacuate %s of %s, %s %%.</p>",
          i.oldB() > i.B() ? "Shrinking" : "Growing",
          i.oldB(),
          i.B(),
          "%,d".formatted(i.nevacuate()),
          "%,d".formatted(units),
          "%.1f".formatted(Bar.percent(i.nevacuate(), units)));
      HtmlCharts.progress(i.nevacuate(), units, page);
      map(census.old(), "Old array %d".formatted(i.oldbuckets()), "gone");
    }
    map(census.current(), "Array %d".formatted(i.buckets()), "later");
    page.raw("<p class=\"legend\">Entries for each root:");
    for (int shade = 0; shade < BucketMap.SHADES; shade++) {
      boolean last = shade == BucketMap.SHADES - 1;
      key("f" + shade, last ? "over " + (shade - 1) : shade == 0 ? "0" : "to " + shade);
    }
    if (i.oldB() >= 0) {
      key("gone", "evacuated");
      key("later", "still in the old array; pale where a part is");
    }
    page.raw("</p></section>");
  }

  private void map(Census.Chains half, String name, String elsewhere) {
    long roots = BucketMap.rootsPerCell(half);
    page.add(
        "<h3>%s: 2^%s roots, %s</h3>",
        name, half.B(), roots == 1 ? "a cell each" : "%,d in each cell".formatted(roots));
    BucketMap.draw(half, name, elsewhere, page);
  }

  private void key(String style, String what) {
    page.add("<span class=\"key\"><i class=\"%s\"></i>%s</span>", style, what);
  }

  private void chains() {
    int rows = Math.min(ChainRow.longest(i.chainLengths()), CHAIN_ROWS);
    page.add(
        "<section><h2>Chains</h2><p>By their number of buckets. The mark is where the bar should"
            + " end by chance alone, for %s.</p>",
        ChainPrediction.basis(i.census()));
    HtmlCharts.chains(i, rows, page);
    page.raw("</section>");
  }

  private void space() {
    page.raw("<section><h2>Space</h2><div class=\"two\">");
    space("What for", InspectionSpace.byUse(i), "u");
    space("Where", InspectionSpace.of(i), "p");
    page.raw("</div></section>");
  }

  private void space(String name, List<InspectionSpace> parts, String style) {
    page.add("<div><h3>%s</h3>", name);
    HtmlCharts.stacked(parts, i.fileBytes(), style, page);
    page.raw("<table>");
    for (int n = 0; n < parts.size(); n++) {
      page.add(
          "<tr><td><i class=\"%s\"></i>%s</td><td class=\"n\">%s</td><td class=\"n\">%s"
              + " %%</td></tr>",
          style + n,
          parts.get(n).name(),
          "%,d".formatted(parts.get(n).bytes()),
          "%.1f".formatted(Bar.percent(parts.get(n).bytes(), i.fileBytes())));
    }
    page.raw("</table></div>");
  }

  private void entries() {
    Census census = i.census();
    if (census.biggest().isEmpty()) {
      return;
    }
    if (i.keyWidth() > 0 && i.valueWidth() > 0) {
      page.add(
          "<section><h2>Entries</h2><p>All of %s bytes.</p></section>",
          census.biggest().getFirst().bytes());
      return;
    }
    page.raw(
        "<section><h2>Entries</h2><p>By bytes of key and value, from the size below each"
            + " column on, up to twice that.</p>");
    HtmlCharts.sizes(census.sizes(), page);
    page.raw(
        "<h3>The biggest</h3><table class=\"narrow\"><tr><th"
            + " class=\"n\">bytes</th><th>key</th></tr>");
    Shown keys = Shown.of(i.keyShape());
    for (Census.Entry e : census.biggest()) {
      page.add(
          "<tr><td class=\"n\">%s</td><td><code>%s</code></td></tr>",
          "%,d".formatted(e.bytes()), keys.text(e.key()));
    }
    page.raw("</table></section>");
  }

  private void fields() {
    page.raw("<section><h2>Fields and log</h2><table>");
    field("count", "%,d".formatted(i.count()));
    field("flags", i.flags() + " " + String.join(", ", i.flagNames()));
    field("B", i.B());
    field("noverflow", "%,d".formatted(i.noverflow()));
    field("hash0", "0x%016x".formatted(i.hash0()));
    field("buckets, oldbuckets", i.buckets() + ", " + i.oldbuckets());
    field("nevacuate", "%,d".formatted(i.nevacuate()));
    field("nextOverflow", "%,d".formatted(i.nextOverflow()));
    field("oldNoverflow", "%,d".formatted(i.oldNoverflow()));
    field(
        "checkpoint",
        "generation %,d, lsn %,d, sequence %,d"
            .formatted(i.generation(), i.checkpointLsn(), i.checkpointSequence()));
    field(
        "log",
        "lsn %,d, sequence %,d, %,d records to replay"
            .formatted(i.logPositionLsn(), i.logPositionSequence(), i.replayedRecords()));
    page.raw("</table></section>");
  }

  private void field(String name, Object value) {
    page.add("<tr><td>%s</td><td class=\"n\">%s</td></tr>", name, value);
  }
}
