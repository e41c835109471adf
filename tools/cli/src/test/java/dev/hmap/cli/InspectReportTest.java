package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.report.BucketMap;
import dev.hmap.cli.report.ChainPrediction;
import dev.hmap.cli.report.InspectionSpace;
import dev.hmap.cli.report.Markup;
import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The report that {@code inspect} makes, as text and as a page. */
class InspectReportTest {
  @TempDir Path folder;
  private Path store;
  private Path page;

  @BeforeEach
  void nameFiles() {
    store = folder.resolve("a.hmap");
    page = folder.resolve("a.html");
  }

  private void fillLongs(long entries) {
    try (HMap<Long, Long> map =
        HMap.at(store, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).open()) {
      for (long i = 0; i < entries; i++) {
        map.put(i, i);
      }
    }
  }

  /** This many longs that the map is in the middle of an evacuation. */
  private void fillUntilItGrows(long least) {
    try (HMap<Long, Long> map =
        HMap.at(store, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).open()) {
      long roots = 0;
      for (long i = 0;
          i < least || roots == 0 || map.stats().growth().nevacuate() < roots / 4;
          i++) {
        map.put(i, i);
        boolean grows = map.stats().growth().oldbuckets() != 0;
        roots = grows ? 1L << map.stats().growth().b() - 1 : 0;
      }
    }
  }

  /** The table in Go's runtime/map.go: load factor, and % of buckets with an overflow bucket. */
  @ParameterizedTest
  @CsvSource({
    "4.00, 2.13",
    "4.50, 4.05",
    "5.00, 6.85",
    "5.50, 10.55",
    "6.00, 15.27",
    "6.50, 20.90",
    "7.00, 27.14",
    "7.50, 34.03",
    "8.00, 41.10",
  })
  void predictionAgreesWithGosTable(double loadFactor, double percent) {
    double alone = ChainPrediction.share(loadFactor, 1);
    assertThat(100 * (1 - alone)).isCloseTo(percent, within(0.4));
    double all = 0;
    for (int buckets = 1; buckets < 20; buckets++) {
      all += ChainPrediction.share(loadFactor, buckets);
    }
    assertThat(all).isCloseTo(1, within(1e-9));
  }

  @Test
  void chainsInMidEvacuationAreAsPredictedForEachHalf() {
    fillUntilItGrows(20_000);
    Inspection i = HMapAdmin.inspect(store);
    assertThat(i.census().old().chains()).isPositive();
    assertThat(i.census().current().chains()).isPositive();
    // a chain is either in the old array or, split, in the new
    assertThat(2 * i.census().old().chains() + i.census().current().chains())
        .isEqualTo(1L << i.B());
    assertThat(i.census().old().entries() + i.census().current().entries()).isEqualTo(i.count());
    double predicted = ChainPrediction.chains(i.census(), 1);
    assertThat((double) i.chainLengths()[1]).isCloseTo(predicted, within(6 * Math.sqrt(predicted)));
    assertThat(Cli.run("inspect", store).out())
        .contains("verdict      healthy", "of the old array and", "predicted  ")
        .contains("all of 16 bytes");
  }

  @Test
  void entriesInOverflowBucketsAreThoseBehindAFirstHop() {
    fillUntilItGrows(200);
    Inspection i = HMapAdmin.inspect(store);
    long behind = 0;
    for (long key = 0; key < i.count(); key++) {
      if (HMapAdmin.where(store, Codec.LONG.encode(key)).hop() > 0) {
        behind++;
      }
    }
    assertThat(behind).isPositive();
    assertThat(i.census().old().overflowEntries() + i.census().current().overflowEntries())
        .isEqualTo(behind);
  }

  @Test
  void usesAddUpToTheFileAndPayloadIsWhatWasPut() throws IOException {
    fillUntilItGrows(5_000);
    Inspection i = HMapAdmin.inspect(store);
    Map<String, Long> uses =
        InspectionSpace.byUse(i).stream()
            .collect(Collectors.toMap(InspectionSpace::name, InspectionSpace::bytes));
    assertThat(uses.values()).allMatch(bytes -> bytes >= 0);
    assertThat(uses.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(Files.size(store));
    assertThat(uses).containsEntry("payload", 16 * i.count());
    Map<String, String> json = Json.scalars(Cli.run("inspect", store, "--json").out());
    assertThat(json)
        .containsEntry("uses.payload", String.valueOf(16 * i.count()))
        .containsEntry("entrySizes.32", String.valueOf(i.count()));
  }

  @Test
  void slackOfOneEntryIsCountedToTheByte() {
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      map.put("k", "v");
    }
    Inspection i = HMapAdmin.inspect(store);
    Map<String, Long> uses =
        InspectionSpace.byUse(i).stream()
            .collect(Collectors.toMap(InspectionSpace::name, InspectionSpace::bytes));
    long head = i.headerBytes() + i.directoryBytes();
    assertThat(uses)
        .containsEntry("payload", 2L)
        .containsEntry("overhead", head + 1 + 8 + 8 + 8) // tophash, reference, lengths, links
        .containsEntry("overflow", 0L)
        .containsEntry("slack", i.fileBytes() - head - i.freeBytes() - 2 - 25);
  }

  @Test
  void storeThatLostItsEntriesShouldBeCompactedAndThenIsHealthy() throws IOException {
    fillLongs(60_000);
    try (HMap<Long, Long> map =
        HMap.at(store, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).open()) {
      for (long i = 100; i < 60_000; i++) {
        map.remove(i);
      }
    }
    assertThat(Cli.run("inspect", store).out())
        .contains("should be compacted: ", "load factor 0.0", "far below 6.5");
    assertThat(Json.scalars(Cli.run("inspect", store, "--json").out()))
        .containsKey("compactBecause.0");
    assertThat(Cli.run("compact", store).code()).isZero();
    assertThat(Cli.run("inspect", store).out()).contains("verdict      healthy");
  }

  @Test
  void biggestEntriesComeFirstWithTimeToLiveAndMark() {
    assertThat(Cli.run("create", store, "--ttl", "7d").code()).isZero();
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      for (int i = 0; i < 50; i++) {
        map.put("key" + i, "x".repeat(i));
      }
      map.put("the\u001b[31m big one", "x".repeat(100_000));
      map.write(batch -> batch.mark(new byte[] {1, (byte) 0xAB}));
    }
    Cli run = Cli.run("inspect", store);
    assertThat(run.out())
        .contains("time to live 7d", "mark of 2 bytes, 0x01ab")
        .containsSubsequence(
            "100,016  \"the?[31m big one\"", "54  \"key49\"", "53  \"key48\"", "46  \"key41\"")
        .doesNotContain("key40", "\u001b");
    assertThat(run.lines().count()).isLessThan(40);
  }

  @Test
  void emptyStoreHasAReport() throws Exception {
    assertThat(Cli.run("create", store).code()).isZero();
    assertThat(Cli.run("inspect", store).out()).contains("healthy", "count 0");
    assertThat(texts(writePage())).contains("healthy");
  }

  private Document writePage() throws Exception {
    Cli run = Cli.run("inspect", store, "--html", page);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    try (InputStream in = Files.newInputStream(page)) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }
  }

  private static String texts(Document document) {
    return document.getDocumentElement().getTextContent();
  }

  @Test
  void pageShowsTheEvacuatedPartAndRefersToNothingOutside() throws Exception {
    fillUntilItGrows(20_000);
    Document document = writePage();
    assertThat(texts(document)).contains("Growing from 2^", "evacuated", "predicted", "payload");
    assertThat(Files.readString(page))
        .doesNotContain("http", "url(", "@import", "<script", "<link");
    NodeList all = document.getElementsByTagName("*");
    Set<String> classes = new HashSet<>();
    for (int n = 0; n < all.getLength(); n++) {
      Element e = (Element) all.item(n);
      assertThat(e.hasAttribute("src") || e.hasAttribute("href")).isFalse();
      if (e.getTagName().equals("rect") || e.getTagName().equals("path")) {
        classes.add(e.getAttribute("class"));
      }
    }
    assertThat(classes).contains("gone", "later", "f4", "bar", "mark", "u0", "p2");
    assertThat(Files.size(page)).isLessThan(300_000);
  }

  @Test
  void cellIsShadedByItsEntriesAndPalerIfAPartIsElsewhere() {
    Census.Chains half =
        new Census.Chains(
            13, // two roots to a cell
            0,
            0,
            0,
            new long[0],
            cells(2, 2, 2, 1, 0),
            cells(0, 13, 13, 40, 0));
    Markup drawn = new Markup();
    BucketMap.draw(half, "Array <1>", "later", drawn);
    assertThat(drawn.toString())
        .contains(
            "aria-label=\"Array &lt;1&gt;\"",
            "<rect class=\"later\" width=\"128\" height=\"32\"/>",
            "<path class=\"f0\" fill-opacity=\"1.0\" d=\"M0 0h1v1h-1z\"/>",
            "<path class=\"f7\" fill-opacity=\"1.0\" d=\"M1 0h2v1h-2z\"/>",
            "<path class=\"f8\" fill-opacity=\"0.5\" d=\"M3 0h1v1h-1z\"/>");
    assertThat(drawn.toString().split("<path", -1)).hasSize(4); // nothing for the others
  }

  private static long[] cells(long... first) {
    return Arrays.copyOf(first, 4096);
  }

  @Test
  void whatComesFromTheStoreIsEscaped() throws Exception {
    store = folder.resolve("<b>&\"'.hmap");
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      map.put("<script>alert(1)</script>", "v");
      map.put("a\u0007 ]]> &amp; \ufffe", "v");
    }
    Document document = writePage();
    assertThat(texts(document))
        .contains("<script>alert(1)</script>", "<b>&\"'.hmap", "]]> &amp; \ufffd");
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    assertThat(document.getElementsByTagName("b").getLength()).isEqualTo(6); // the figures
    assertThat(Files.readString(page)).contains("&lt;script&gt;").doesNotContain("<script");
  }

  @Test
  void pageIsNotWrittenOverAFile() throws IOException {
    fillLongs(10);
    Files.writeString(page, "notes");
    Cli run = Cli.run("inspect", store, "--html", page);
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).isEqualTo("hmap: %s exists already\n".formatted(page));
    assertThat(page).hasContent("notes");
  }

  @Test
  void noPageIsMadeOfWhatIsNoStore() throws IOException {
    Files.writeString(store, "notes");
    Cli run = Cli.run("inspect", store, "--html", page);
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(page).doesNotExist();
    assertThat(Cli.run("inspect", folder).code()).isEqualTo(ExitCode.REFUSED);
    assertThat(Cli.run("inspect", store, "--json", "--html", page).code())
        .isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7, 8})
  void damagedPageGivesAReportOrOneLine(int at) throws IOException {
    try (HMap<String, String> map =
        HMap.at(store, Codec.STRING, Codec.STRING).durability(Durability.ASYNC).open()) {
      for (int i = 0; i < 2000; i++) {
        map.put("key" + i, "value" + i);
      }
    }
    byte[] bytes = Files.readAllBytes(store);
    for (int n = 0; n < 4096; n++) {
      bytes[at * 4096 + n] = (byte) 0xFF;
    }
    Files.write(store, bytes);
    Cli run = Cli.run("inspect", store);
    if (run.code() != ExitCode.DONE) {
      assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
      assertThat(run.saysOneLine()).as(run.err()).isTrue();
      assertThat(run.err()).contains("is damaged").doesNotContain("should not have happened");
    }
  }

  @Test
  void brokenPipeEndsQuietly() {
    fillLongs(10);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new ByteArrayInputStream(new byte[0]),
            RefusalTest.failingWith("Broken pipe"),
            err,
            "inspect",
            store.toString());
    assertThat(code).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
