package dev.hmap.golden;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Geometry;
import dev.hmap.store.Store;
import dev.hmap.table.EntryBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The listing of a store, as {@code format-spec/golden/README.md} describes it: lines of its
 * geometry, its count and its mark, then one of each entry.
 */
final class Listing {
  private static final String NOW = "now ";
  private static final int LONGEST_IN_FULL = 1000;

  private Listing() {}

  /** What the library finds in a store, opened for reading only. */
  static List<String> of(MemoryFiles files, long now) {
    Geometry geometry = StoreBytes.geometry(files);
    try (Store store = StoreBytes.read(files, clock(now))) {
      List<String> entries =
          StoreBytes.entries(store).stream().map(e -> line(geometry, e)).sorted().toList();
      return Stream.concat(
              head(geometry, now, entries.size(), store.reader().mark()).stream(), entries.stream())
          .toList();
    }
  }

  /** The time at which a listing was made, 0 if that does not matter. */
  static long now(List<String> listing) {
    return listing.stream()
        .filter(l -> l.startsWith(NOW))
        .mapToLong(l -> Long.parseLong(l.substring(NOW.length())))
        .findFirst()
        .orElse(0);
  }

  /** A clock that stands still. */
  static InstantSource clock(long now) {
    return InstantSource.fixed(Instant.ofEpochMilli(now));
  }

  private static List<String> head(Geometry geometry, long now, int count, byte[] mark) {
    List<String> lines = new ArrayList<>();
    lines.add("keyShape " + geometry.keyShape());
    lines.add("valueShape " + geometry.valueShape());
    lines.add("keyWidth " + geometry.keyWidth());
    lines.add("valueWidth " + geometry.valueWidth());
    lines.add("timeToLive " + geometry.timeToLiveMillis());
    if (geometry.expires()) {
      lines.add(NOW + now);
    }
    lines.add("count " + count);
    lines.add("mark " + text(mark));
    return lines;
  }

  private static String line(Geometry geometry, EntryBytes entry) {
    byte[] value = entry.value();
    byte[] content = Arrays.copyOfRange(value, geometry.stampBytes(), value.length);
    String line = line(entry.key(), content);
    return geometry.expires() ? line + ' ' + stamp(value) : line;
  }

  /** The line of an entry that does not expire. */
  static String line(byte[] key, byte[] value) {
    return text(key) + ' ' + text(value);
  }

  private static long stamp(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static String text(byte[] bytes) {
    if (bytes.length == 0) {
      return "-";
    }
    if (bytes.length <= LONGEST_IN_FULL) {
      return HexFormat.of().formatHex(bytes);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "%d:%08x".formatted(bytes.length, crc.getValue());
  }
}
