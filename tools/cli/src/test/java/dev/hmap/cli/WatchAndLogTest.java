package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.LogRecords;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.report.LogRecord;
import dev.hmap.report.LogRecord.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect --watch} and {@code log}, beside a writer. */
@Timeout(60)
class WatchAndLogTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void nameStore() {
    store = folder.resolve("a.hmap");
  }

  private HMap<String, String> open() {
    return HMap.open(store, Codec.STRING, Codec.STRING);
  }

  /** Every kind of operation once. */
  private static void writeAllKinds(HMap<String, String> map) {
    map.put("k", "v");
    map.putIfAbsent("k\u001b", "w");
    map.replace("k", "x".repeat(1000));
    map.replace("k", "x", "y");
    map.remove("k");
    map.remove("k", "y");
    map.clear();
    map.write(batch -> {
      batch.put("a", "1");
      batch.remove("b");
      batch.mark(new byte[] {7});
    });
  }

  @Test
  void everyKindOfRecordIsPrintedWithItsSequence() {
    try (HMap<String, String> map = open()) {
      writeAllKinds(map);
      Cli run = Cli.run("log", store);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.lines().map(l -> l.substring(15).strip().replaceAll("\\s+", " ")))
          .containsExactly(
              "1 put \"k\" -> \"v\"",
              "2 put-if-absent \"k?\" -> \"w\"",
              "3 replace \"k\" -> \"" + "x".repeat(40) + "...\"",
              "4 replace-if-equal \"k\" if \"x\" -> \"y\"",
              "5 remove \"k\"",
              "6 remove-if-equal \"k\" if \"y\"",
              "7 clear",
              "8 batch of 3",
              "put \"a\" -> \"1\"",
              "remove \"b\"",
              "mark 0x07");
      assertThat(Cli.run("log", store, "--limit", 2).lines()).hasSize(2);
      assertThat(Cli.run("log", store, "--limit", 0).out()).isEmpty();
    }
    Cli closed = Cli.run("log", store);
    assertThat(closed).isEqualTo(new Cli(0, "", ""));
  }

  @Test
  void positionsFollowOneAnotherAndJsonIsALineEach() throws IOException {
    try (HMap<String, String> map = open()) {
      writeAllKinds(map);
      List<LogRecord> records = HMapAdmin.log(store).next();
      for (int i = 1; i < records.size(); i++) {
        LogRecord last = records.get(i - 1);
        assertThat(records.get(i).lsn()).isEqualTo(last.lsn() + last.bytes());
      }
      assertThat(records.stream().map(r -> r.operation().kind()))
          .containsExactly(
              Kind.PUT,
              Kind.PUT_IF_ABSENT,
              Kind.REPLACE,
              Kind.REPLACE_IF_EQUAL,
              Kind.REMOVE,
              Kind.REMOVE_IF_EQUAL,
              Kind.CLEAR,
              Kind.BATCH);
      List<String> lines = Cli.run("log", store, "--json").lines().toList();
      assertThat(lines).hasSize(8);
      assertThat(Json.scalars(lines.get(2)))
          .containsEntry("operation", "replace")
          .containsEntry("sequence", "3")
          .containsEntry("valueBytes", "1000");
      assertThat(Json.scalars(lines.get(7)))
          .containsEntry("parts.1.operation", "remove")
          .containsEntry("parts.2.mark", "0x07");
    }
  }

  @Test
  void stampIsNoPartOfTheValue() throws IOException {
    assertThat(Cli.run("create", store, "--ttl", "1h").code()).isZero();
    try (HMap<String, String> map = open()) {
      map.put("k", "v");
      map.replace("k", "v", "w");
      map.remove("k", "v");
      map.remove("k");
      List<LogRecord> records = HMapAdmin.log(store).next();
      assertThat(records).allMatch(r -> r.operation().stampMillis() > 1_000_000_000_000L);
      assertThat(Cli.run("log", store).out())
          .contains(
              "expire at 2",
              "\"v\" at 2",
              "if \"v\" -> \"w\" at 2",
              "remove-if-equal \"k\" if \"v\" at 2",
              "remove \"k\" at 2");
    }
  }

  @Test
  void logIsReadOnFromWhereItWasAndSaysWhatCheckpointsTookAway() {
    List<Long> seen = new ArrayList<>();
    try (HMap<String, String> map = open()) {
      LogRecords log = HMapAdmin.log(store);
      assertThat(log.next()).isEmpty();
      for (int i = 0; i < 3; i++) {
        map.put("k" + i, "v");
        log.next().forEach(r -> seen.add(r.sequence()));
      }
      assertThat(seen).containsExactly(1L, 2L, 3L);
      map.put("unread", "v");
      map.put("unread", "w");
      map.checkpoint(); // nothing that this reader holds makes it wait
      map.put("k", "x");
      assertThat(log.next()).extracting(LogRecord::sequence).containsExactly(6L);
      assertThat(log.missed()).isEqualTo(2);
    }
  }

  @Test
  void everyRecordIsReadOnceOrMissedWhileCheckpointsPass() throws Exception {
    int writes = 20_000;
    try (HMap<Long, String> map =
        HMap.at(store, Codec.LONG, Codec.STRING)
            .durability(Durability.ASYNC)
            .maxLog(1 << 20)
            .open()) {
      AtomicLong written = new AtomicLong();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                for (long i = 1; i <= writes; i++) {
                  map.put(i, "x".repeat(200));
                  written.set(i);
                }
              });
      LogRecords log = HMapAdmin.log(store);
      long seen = 0;
      long last = 0;
      for (long next = 0; next <= writes; next += writes / 20) {
        while (written.get() < next) {
          Thread.onSpinWait(); // and not hold its checkpoints up meanwhile
        }
        for (LogRecord r : log.next()) {
          assertThat(r.sequence()).isGreaterThan(last);
          assertThat(r.operation().key()).isEqualTo(Codec.LONG.encode(r.sequence()));
          last = r.sequence();
          seen++;
        }
      }
      writer.join();
      for (List<LogRecord> rest = log.next(); !rest.isEmpty(); rest = log.next()) {
        seen += rest.size();
      }
      assertThat(map.stats().log().checkpoints()).isPositive();
      assertThat(seen).isPositive();
      assertThat(seen + log.missed()).isEqualTo(writes);
    }
  }

  @Test
  void longLogIsReadInParts() {
    try (HMap<String, String> map = open()) {
      for (int i = 0; i < 12; i++) {
        map.put("k" + i, "x".repeat(1 << 20));
      }
      LogRecords log = HMapAdmin.log(store);
      List<Long> sequences = new ArrayList<>();
      int parts = 0;
      for (List<LogRecord> part = log.next(); !part.isEmpty(); part = log.next()) {
        assertThat(part.size()).isLessThan(6);
        part.forEach(r -> sequences.add(r.sequence()));
        parts++;
      }
      assertThat(sequences).hasSize(12).isSorted().doesNotHaveDuplicates();
      assertThat(parts).isGreaterThan(2);
    }
  }

  /** Runs something once a text was printed. */
  private static class Printed extends OutputStream {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final String awaited;
    final Runnable then;
    boolean done;

    Printed(String awaited, Runnable then) {
      this.awaited = awaited;
      this.then = then;
    }

    @Override
    public void write(int b) {
      bytes.write(b);
    }

    @Override
    public void flush() {
      if (!done && toString().contains(awaited)) {
        done = true;
        then.run();
      }
    }

    @Override
    public String toString() {
      return bytes.toString(UTF_8);
    }
  }

  @Test
  void followGoesOnWithWhatIsLoggedLater() {
    try (HMap<String, String> map = open()) {
      map.put("first", "v");
      Printed out = new Printed("\"first\"", () -> map.put("second", "v"));
      String[] args = {"log", store.toString(), "--follow", "--limit", "2"};
      int code = Main.run(InputStream.nullInputStream(), out, out, args);
      assertThat(code).isZero();
      assertThat(out.toString().lines()).hasSize(2);
      assertThat(out.toString()).contains("second");
    }
  }

  @Test
  void followEndsWhenNobodyReads() {
    try (HMap<String, String> map = open()) {
      map.put("k", "v");
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int code =
          Main.run(
              InputStream.nullInputStream(),
              RefusalTest.failingWith("Broken pipe"),
              err,
              "log",
              store.toString(),
              "-f");
      assertThat(code).isZero();
      assertThat(err.size()).isZero();
    }
  }

  /** An input that has nothing until it is ended. */
  private static final class OpenInput extends InputStream {
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      return read();
    }

    @Override
    public int read() throws IOException {
      try {
        ended.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return -1;
    }
  }

  @Test
  void watchDrawsAgainWhatAWriterChanged() {
    try (HMap<String, String> map = open()) {
      map.put("k", "v");
      OpenInput in = new OpenInput();
      Printed second = new Printed("count 2 ", in.ended::countDown);
      Printed out =
          new Printed("count 1 ", () -> map.put("l", "v")) {
            @Override
            public void flush() {
              super.flush();
              second.bytes.reset();
              second.bytes.writeBytes(bytes.toByteArray());
              second.flush();
            }
          };
      int code = Main.run(in, out, out, "inspect", store.toString(), "--watch");
      assertThat(code).as(out.toString()).isZero();
      assertThat(out.toString())
          .contains("\033[2J", "\033[H", "count 2 ", "+1 entries, 1 records")
          .endsWith("\033[?25h");
      map.checkpoint(); // nothing is held any more
    }
  }

  @Test
  void watchOfAStoreThatVanishesSaysSoAndGoesOnToTheEndOfInput() throws IOException {
    assertThat(Cli.run("create", store).code()).isZero();
    OpenInput in = new OpenInput();
    Printed out =
        new Printed(
            "count 0 ",
            () -> {
              assertThat(store.toFile().delete()).isTrue();
              in.ended.countDown();
            });
    assertThat(Main.run(in, out, out, "inspect", store.toString(), "-w")).isZero();
    assertThat(out.toString()).contains("a.hmap: ", "there is no such store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"log STORE", "inspect STORE --watch"})
  void whatIsNoStoreIsRefusedInOneLine(String line) throws IOException {
    for (String name : new String[] {"missing", "folder", "notes"}) {
      Path path = folder.resolve(name);
      if (name.equals("folder")) {
        Files.createDirectory(path);
      } else if (name.equals("notes")) {
        Files.writeString(path, "notes");
      }
      Object[] words = line.replace("STORE", path.toString()).split(" ", -1);
      Cli run = Cli.run(words);
      assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.REFUSED);
      assertThat(run.saysOneLine()).as(run.err()).isTrue();
      assertThat(run.err()).contains(path.toString());
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void tornEndOfALogIsNotPrinted() throws IOException {
    Map<String, byte[]> left;
    try (HMap<String, String> map = open()) {
      map.put("k", "v");
      map.put("torn", "v");
      left =
          Map.of(
              "b.hmap", Files.readAllBytes(store),
              "b.hmap-log", Files.readAllBytes(folder.resolve("a.hmap-log")));
    }
    byte[] log = left.get("b.hmap-log");
    log[new String(log, ISO_8859_1).indexOf("torn")] ^= 1;
    Files.write(folder.resolve("b.hmap"), left.get("b.hmap"));
    Files.write(folder.resolve("b.hmap-log"), log);
    assertThat(Cli.run("log", folder.resolve("b.hmap")).lines()).hasSize(1);
  }
}
