package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.report.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code where} and {@code stat}. */
class WhereAndStatTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void nameStore() {
    store = folder.resolve("a.hmap");
  }

  /** 1,000 longs; the map began to grow and has both arrays. */
  private void fillWithLongs() {
    try (HMap<Long, Long> map =
        HMap.at(store, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).open()) {
      long i = 0;
      while (i < 1000 || map.stats().growth().oldbuckets() == 0) {
        map.put(i, -i);
        i++;
      }
    }
  }

  @Test
  void slotOfEveryKeyHoldsItInTheFile() throws IOException {
    fillWithLongs();
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(store)).order(ByteOrder.LITTLE_ENDIAN);
    boolean[] inOld = new boolean[2];
    int longestHop = 0;
    for (long key = 0; key < 1000; key++) {
      byte[] bytes = Codec.LONG.encode(key);
      Location l = HMapAdmin.where(store, bytes);
      assertThat(l.present()).isTrue();
      assertThat(file.getLong((int) l.slotAddress())).isEqualTo(key);
      assertThat(Byte.toUnsignedInt(file.get((int) l.bucketAddress() + l.slot())))
          .isEqualTo(l.tophash());
      assertThat(l.root()).isEqualTo((int) l.hash() & (1 << l.B()) - 1);
      assertThat(l.bucket() == l.root()).isEqualTo(l.hop() == 0);
      assertThat(l.entryAddress()).isEqualTo(-1);
      inOld[l.isOld() ? 1 : 0] = true;
      longestHop = Math.max(longestHop, l.hop());
    }
    assertThat(inOld).containsExactly(true, true);
    assertThat(longestHop).isPositive();
  }

  @Test
  void entryOutsideTheBucketIsFound() throws IOException {
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      map.put("zebra", "striped");
    }
    Map<String, String> json = Json.scalars(Cli.run("where", store, "zebra", "--json").out());
    int entry = Integer.parseInt(json.get("entryAt.address"));
    byte[] file = Files.readAllBytes(store);
    assertThat(new String(Arrays.copyOfRange(file, entry + 8, entry + 20), UTF_8))
        .isEqualTo("zebrastriped");
    assertThat(json).containsEntry("entryAt.page", String.valueOf(entry / 4096));
    assertThat(json).containsEntry("present", "true").containsEntry("slot", "0");
  }

  @Test
  void textNamesHashBucketSlotAndPage() {
    fillWithLongs();
    Cli run = Cli.run("where", store, 1);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsPattern("hash +0x[0-9a-f]{16} +tophash 0x[0-9a-f]{2}\n")
        .containsPattern("root bucket +[0-9,]+ of 2\\^\\d+ in array \\d+")
        .containsPattern("chain +hop \\d+: bucket [0-9,]+, slot [0-7]\n")
        .containsPattern("slot +page [0-9,]+, byte [0-9,]+ of the file\n");
  }

  @Test
  void absentKeyIsToldWithItsBucket() throws IOException {
    fillWithLongs();
    Cli run = Cli.run("where", store, "--", -5);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("hmap: there is no key \"-5\"\n");
    assertThat(run.out())
        .contains("hash ", "root bucket", "without the key")
        .doesNotContain("slot");
    Map<String, String> json = Json.scalars(Cli.run("where", store, "--json", "--", -5).out());
    assertThat(json)
        .containsEntry("present", "false")
        .containsKeys("hash", "root", "bucketAt.page");
    assertThat(json).doesNotContainKeys("slot", "slotAt.page");
  }

  @Test
  void keyOfAnotherTypeIsRefused() {
    fillWithLongs();
    Cli run = Cli.run("where", store, "one");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err()).contains("key \"one\" is not of the store's type long");
  }

  @Test
  void keyOfAnotherWidthIsRefusedByTheLibrary() {
    fillWithLongs();
    assertThatThrownBy(() -> HMapAdmin.where(store, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key of 3 bytes: the store's have 8");
  }

  @Test
  void openStoreIsShownAsOpeningWouldMakeIt() {
    try (HMap<Long, Long> map = HMap.open(store, Codec.LONG, Codec.LONG)) {
      map.put(1L, 2L);
      assertThat(Cli.run("where", store, 1).code()).isZero();
      assertThat(Cli.run("stat", store).out())
          .startsWith("a.hmap: 1 entries, ")
          .endsWith(", stopped uncleanly, or open right now\n");
    }
  }

  @Test
  void statIsOneLineOfWhatInspectShows() throws IOException {
    fillWithLongs();
    Cli run = Cli.run("stat", store);
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(1);
    Map<String, String> inspected = Json.scalars(Cli.run("inspect", store, "--json").out());
    assertThat(run.out())
        .startsWith("a.hmap: %,d entries, ".formatted(Long.parseLong(inspected.get("count"))))
        .contains(
            "load factor %.2f,".formatted(Double.parseDouble(inspected.get("loadFactor"))),
            "%,d bytes (".formatted(Files.size(store)),
            "growing from 2^%s to 2^%s (".formatted(inspected.get("oldB"), inspected.get("B")),
            "% evacuated), log 0 bytes, cleanly closed");

    Cli shell = Cli.runWithInput("stat\n".getBytes(UTF_8), "shell", store, "--read-only");
    assertThat(run.out()).isEqualTo("a.hmap: " + shell.out().strip() + ", cleanly closed\n");

    Map<String, String> json = Json.scalars(Cli.run("stat", store, "--json").out());
    assertThat(inspected).containsAllEntriesOf(without(json, "freeBytes", "logBytes"));
    assertThat(json)
        .containsEntry("freeBytes", inspected.get("bytes.free"))
        .containsEntry("logBytes", "0")
        .containsKey("nevacuate");
  }

  private static Map<String, String> without(Map<String, String> json, String... names) {
    Map<String, String> rest = new HashMap<>(json);
    rest.keySet().removeAll(Arrays.asList(names));
    return rest;
  }
}
