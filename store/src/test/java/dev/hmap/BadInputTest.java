package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.CodecMismatchException;
import dev.hmap.error.EntryTooLargeException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreLockedException;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users do wrong, and what befalls their files: each a clear exception of one line. */
class BadInputTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void fill() {
    path = folder.resolve("store.hmap");
    try (HMap<Long, String> map = open()) {
      for (long i = 0; i < 2_000; i++) {
        map.put(i, "value " + i);
      }
    }
  }

  private HMap<Long, String> open() {
    return HMap.at(path, Codec.LONG, Codec.STRING).durability(Durability.ASYNC).open();
  }

  private void assertIntact() {
    try (HMap<Long, String> map = open()) {
      assertThat(map).hasSize(2_000);
      assertThat(map.get(1_999L)).isEqualTo("value 1999");
    }
  }

  private static void assertOneLine(Throwable e) {
    assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
  }

  @Test
  void otherCodecsAreNamed() {
    assertThatThrownBy(() -> HMap.open(path, Codec.STRING, Codec.LONG))
        .isInstanceOf(CodecMismatchException.class)
        .satisfies(BadInputTest::assertOneLine)
        .hasMessageContaining("long to string")
        .hasMessageContaining("string to long");
    assertIntact();
  }

  @Test
  void aFileThatIsNoStoreIsRefused() throws IOException {
    Path other = folder.resolve("notes.txt");
    Files.writeString(other, "no store at all\n".repeat(2_000));
    assertThatThrownBy(() -> HMap.open(other, Codec.LONG, Codec.LONG))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("is not an hmap store");
    assertThat(Files.readString(other)).startsWith("no store at all");
    assertThat(TestFiles.names(folder)).containsExactly("notes.txt", "store.hmap");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path other = folder.resolve("empty.hmap");
    Files.createFile(other);
    assertThatThrownBy(() -> HMap.open(other, Codec.LONG, Codec.LONG))
        .isInstanceOf(StoreCorruptException.class);
  }

  @Test
  @LeavesDamage("of a version that is to come")
  void aVersionFromTheFutureIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    for (int slot = 0; slot < 2; slot++) {
      int at = slot * PageLayout.PAGE_BYTES;
      bytes[at + Long.BYTES] = 99;
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(bytes, at, PageLayout.PAGE_BYTES - 4);
      for (int i = 0; i < 4; i++) {
        bytes[at + PageLayout.PAGE_BYTES - 4 + i] = (byte) (crc.getValue() >>> 8 * i);
      }
    }
    Files.write(path, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("version 99")
        .hasMessageContaining("version " + StoreHeader.VERSION);
  }

  @Test
  void aTruncatedFileIsNamedWithBothLengths() throws IOException {
    long length = Files.size(path);
    for (long cut = 0; cut < length; cut += PageLayout.PAGE_BYTES / 2) {
      Path other = folder.resolve("cut.hmap");
      Files.copy(path, other);
      try (RandomAccessFile file = new RandomAccessFile(other.toFile(), "rw")) {
        file.setLength(cut);
      }
      assertThatThrownBy(() -> HMap.open(other, Codec.LONG, Codec.STRING))
          .isInstanceOf(StoreCorruptException.class)
          .satisfies(BadInputTest::assertOneLine);
      assertThat(Files.size(other)).isEqualTo(cut);
      Files.delete(other);
    }
  }

  @Test
  @LeavesDamage("its log is missing")
  void aMissingLogOfAStoreThatWasNotClosedIsRefused() throws IOException {
    Path left = folder.resolve("left.hmap");
    try (HMap<Long, String> map = open()) {
      map.put(1L, "changed");
      Files.copy(path, left);
    }
    assertThatThrownBy(() -> HMap.open(left, Codec.LONG, Codec.STRING))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("log");
  }

  @Test
  void aSecondWriterIsToldWhoHoldsTheStore() {
    try (HMap<Long, String> map = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      map.put(5L, "still works");
      assertThatThrownBy(this::open).isInstanceOf(StoreLockedException.class);
    }
    try (HMap<Long, String> map = open()) {
      assertThat(map.get(5L)).isEqualTo("still works");
    }
  }

  @Test
  void aKeyOrValueOverItsLimitNamesTheLimit() {
    Path other = folder.resolve("limits.hmap");
    try (HMap<String, byte[]> map =
        HMap.at(other, Codec.STRING, Codec.BYTES).durability(Durability.ASYNC).open()) {
      String longest = "k".repeat(65_535);
      map.put(longest, new byte[16 << 20]);
      assertThat(map.get(longest)).hasSize(16 << 20);
      assertThatThrownBy(() -> map.put("k".repeat(70_000), new byte[1]))
          .isInstanceOf(EntryTooLargeException.class)
          .hasMessage("key of 70,000 bytes: the limit is 65,535");
      assertThatThrownBy(() -> map.put("k", new byte[(16 << 20) + 1]))
          .isInstanceOf(EntryTooLargeException.class)
          .hasMessage("value of 16,777,217 bytes: the limit is 16,777,216");
      assertThatThrownBy(() ->
              map.write(batch -> {
                for (int i = 0; i < 5; i++) {
                  batch.put("k" + i, new byte[15 << 20]);
                }
              }))
          .isInstanceOf(EntryTooLargeException.class);
      assertThat(map).hasSize(1);
    }
  }

  @Test
  void nullsAreRefused() {
    try (HMap<Long, String> map = open()) {
      assertThatThrownBy(() -> map.put(null, "x")).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> map.put(1L, null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> map.get(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> map.remove(null)).isInstanceOf(NullPointerException.class);
      assertThat(map.get(1L)).isEqualTo("value 1");
    }
  }

  @Test
  void useAfterCloseIsRefused() {
    HMap<Long, String> map = open();
    var entries = map.entrySet().iterator();
    map.close();
    map.close();
    assertThatThrownBy(() -> map.get(1L)).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> map.put(1L, "x")).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(map::size).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(map::stats).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> map.putAsync(1L, "x").join())
        .isInstanceOfAny(StoreClosedException.class, CompletionException.class);
    assertThatThrownBy(
            () -> {
              while (entries.hasNext()) {
                entries.next();
              }
            })
        .isInstanceOf(StoreClosedException.class);
    assertThat(map.toString()).contains("closed");
  }

  @Test
  void aReadOnlyMapRefusesWritesAndAMissingStore() throws IOException {
    try (HMap<Long, String> map = HMap.at(path, Codec.LONG, Codec.STRING).readOnly().open()) {
      assertThatThrownBy(() -> map.put(1L, "x")).isInstanceOf(UnsupportedOperationException.class);
      assertThat(map.get(1L)).isEqualTo("value 1");
    }
    Path missing = folder.resolve("missing.hmap");
    assertThatThrownBy(() -> HMap.at(missing, Codec.LONG, Codec.LONG).readOnly().open())
        .isInstanceOf(StoreAccessException.class);
    assertThatThrownBy(() -> HMap.at(missing, Codec.LONG, Codec.LONG).openExisting())
        .isInstanceOf(StoreAccessException.class);
    assertThatThrownBy(() -> HMap.at(path, Codec.LONG, Codec.STRING).create())
        .isInstanceOf(StoreAccessException.class);
    assertThat(TestFiles.names(folder)).containsExactly("store.hmap");
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    Path nowhere = folder.resolve("no").resolve("store.hmap");
    assertThatThrownBy(() -> HMap.open(nowhere, Codec.LONG, Codec.LONG))
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("no");
  }

  record WithList(String name, List<String> tags) {}

  record WithDouble(double price) {}

  record WithChar(char letter) {}

  @Test
  void aRecordThatCannotBeComparedByItsBytesIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Codec.record(WithList.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tags")
        .hasMessageContaining("List");
    assertThatThrownBy(() -> Codec.record(WithChar.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letter");
    Codec<WithDouble> asKey = Codec.record(WithDouble.class);
    assertThatThrownBy(() -> HMap.at(folder.resolve("price.hmap"), asKey, Codec.LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("record(price:double) cannot be a key");
  }

  @Test
  void aStringWithAnUnpairedSurrogateIsRefusedAndOneWithAQuestionMarkIsNot() {
    Path other = folder.resolve("strings.hmap");
    try (HMap<String, String> map =
        HMap.at(other, Codec.STRING, Codec.STRING).durability(Durability.ASYNC).open()) {
      map.put("why?", "\ud83d\ude00?");
      assertThat(map.get("why?")).isEqualTo("\ud83d\ude00?");
      assertThatThrownBy(() -> map.put("\ud83d", "x")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.put("?\ud83d", "x"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aBatchWhoseFillerThrowsWritesNothing() {
    try (HMap<Long, String> map = open()) {
      assertThatThrownBy(() ->
              map.write(batch -> {
                batch.put(1L, "changed");
                throw new IllegalStateException("filler");
              }))
          .hasMessage("filler");
      assertThat(map.get(1L)).isEqualTo("value 1");
    }
  }
}
