package dev.hmap.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.maintenance.Verifier;
import dev.hmap.report.Finding;
import dev.hmap.store.Store;
import dev.hmap.table.EntryBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library reads the golden stores, which an earlier state of it may have written. */
@Tag("promise:format")
class GoldenTest {
  static List<String> names() {
    return GoldenFiles.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdsWhatItsListingSays(String name) {
    List<String> listing = GoldenFiles.readListing(name);
    assertThat(Listing.of(GoldenFiles.read(name), Listing.now(listing))).isEqualTo(listing);
  }

  @ParameterizedTest
  @MethodSource("names")
  void verifyFindsNoDamageInIt(String name) {
    assertThat(Verifier.verify(GoldenFiles.read(name), GoldenFiles.NAMES, _ -> {}))
        .filteredOn(Finding::isDamage)
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyKeyIsFound(String name) {
    InstantSource clock = Listing.clock(Listing.now(GoldenFiles.readListing(name)));
    try (Store store = StoreBytes.read(GoldenFiles.read(name), clock)) {
      for (EntryBytes entry : StoreBytes.entries(store)) {
        assertThat(StoreBytes.get(store, entry.key())).isEqualTo(entry.value());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdsTheSameOnceAWriterHasOpenedAndClosedIt(String name) {
    MemoryFiles files = GoldenFiles.read(name);
    List<String> listing = GoldenFiles.readListing(name);
    long now = Listing.now(listing);
    StoreBytes.write(files, Listing.clock(now)).close();
    assertThat(Listing.of(files, now)).isEqualTo(listing);
    assertThat(Verifier.verify(files, GoldenFiles.NAMES, _ -> {})).isEmpty();
  }

  /** Each line of bytes in the example is that of the file that the line above them names. */
  @Test
  void theExampleShowsTheBytesOfTheFiles() throws IOException {
    Pattern heading = Pattern.compile("([a-z]+)(-log)?, (?:page|slot) .*");
    Pattern bytes = Pattern.compile("([0-9a-f]{8})  ((?:[0-9a-f]{2} ){15}[0-9a-f]{2}).*");
    byte[] file = {};
    int compared = 0;
    for (String line : Files.readAllLines(GoldenFiles.FORMAT_SPEC.resolve("09-example.md"))) {
      Matcher named = heading.matcher(line);
      if (named.matches()) {
        Path of = named.group(2) == null ? GoldenFiles.NAMES.data() : GoldenFiles.NAMES.log();
        file = GoldenFiles.read(named.group(1)).copy(of);
      }
      Matcher shown = bytes.matcher(line);
      if (shown.matches()) {
        int at = HexFormat.fromHexDigits(shown.group(1));
        assertThat(shown.group(2))
            .as(line)
            .isEqualTo(HexFormat.ofDelimiter(" ").formatHex(file, at, at + 16));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(20);
  }
}
