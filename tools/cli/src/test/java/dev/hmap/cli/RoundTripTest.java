package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** {@code export}, then {@code import}: the new store holds what the old one does. */
@Tag("verify")
class RoundTripTest {
  enum Colour {
    RED,
    GREEN
  }

  @SuppressWarnings("ArrayRecordComponent") // compared as it is encoded
  record Inner(String text, byte[] bytes) {}

  record Whole(boolean flag, byte small, Colour colour, Inner inner, double real, Instant at) {}

  record Key(short part, String name, UUID id) {}

  /** A codec with values of it. */
  record Typed<T>(Codec<T> codec, List<T> values) {}

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void exportThenImportGivesAnEqualStore(
      @ForAll("keys") Typed<?> keys,
      @ForAll("values") Typed<?> values,
      @ForAll("formats") String format)
      throws IOException {
    Path folder = Files.createTempDirectory("hmap-round-trip-");
    try {
      roundTrip(folder, keys, values, format);
    } finally {
      delete(folder);
    }
  }

  @Example
  void aFileThatWouldBeginWithAByteOrderMarkIsReadAsItWasWritten() throws IOException {
    for (String format : List.of("tsv", "csv", "json")) {
      Path folder = Files.createTempDirectory("hmap-round-trip-");
      try {
        Typed<String> texts = new Typed<>(Codec.STRING, List.of("\uFEFFkey"));
        roundTrip(folder, texts, texts, format);
      } finally {
        delete(folder);
      }
    }
  }

  private static <K, V> void roundTrip(Path folder, Typed<K> keys, Typed<V> values, String format) {
    Path store = folder.resolve("a.hmap");
    try (HMap<K, V> map = HMap.open(store, keys.codec(), values.codec())) {
      for (int i = 0; i < keys.values().size(); i++) {
        map.put(keys.values().get(i), values.values().get(i % values.values().size()));
      }
    }
    Path file = folder.resolve("entries." + format);
    Cli out = Cli.run("export", store, file);
    assertThat(out.code()).as(out.err()).isZero();

    Path copy = folder.resolve("b.hmap");
    String[] shapes = {keys.codec().shape(), values.codec().shape()};
    Cli in = Cli.run("import", copy, file, "--key", shapes[0], "--value", shapes[1]);
    assertThat(in.code()).as(in.err()).isZero();
    assertThat(encoded(copy, keys.codec(), values.codec()))
        .isEqualTo(encoded(store, keys.codec(), values.codec()));
  }

  /** Entries as bytes: arrays in records have no equality of their own. */
  private static <K, V> Map<String, String> encoded(Path store, Codec<K> keys, Codec<V> values) {
    Map<String, String> entries = new HashMap<>();
    try (HMap<K, V> map = HMap.at(store, keys, values).readOnly().open()) {
      map.forEach((k, v) -> entries.put(latin(keys.encode(k)), latin(values.encode(v))));
    }
    return entries;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Provide
  Arbitrary<String> formats() {
    return Arbitraries.of("tsv", "csv", "json", "jsonl", "txt");
  }

  @Provide
  Arbitrary<Typed<?>> keys() {
    return Arbitraries.oneOf(
        typed(Codec.BOOLEAN, Arbitraries.of(true, false)),
        typed(Codec.BYTE, Arbitraries.bytes()),
        typed(Codec.SHORT, Arbitraries.shorts()),
        typed(Codec.INT, Arbitraries.integers()),
        typed(Codec.LONG, Arbitraries.longs()),
        typed(Codec.INSTANT, instants()),
        typed(Codec.UUID, uuids()),
        typed(Codec.STRING, texts()),
        typed(Codec.BYTES, Arbitraries.bytes().array(byte[].class).ofMaxSize(9)),
        typed(Codec.enumOf(Colour.class), Arbitraries.of(Colour.class)),
        typed(
            Codec.record(Key.class),
            Combinators.combine(Arbitraries.shorts(), texts(), uuids()).as(Key::new)));
  }

  @Provide
  Arbitrary<Typed<?>> values() {
    Arbitrary<Inner> inner =
        Combinators.combine(texts(), Arbitraries.bytes().array(byte[].class).ofMaxSize(9))
            .as(Inner::new);
    return Arbitraries.oneOf(
        keys(),
        typed(
            Codec.FLOAT, Arbitraries.oneOf(Arbitraries.floats(), Arbitraries.of(Float.NaN, -0.0f))),
        typed(Codec.DOUBLE, doubles()),
        typed(
            Codec.record(Whole.class),
            Combinators.combine(
                    Arbitraries.of(true, false),
                    Arbitraries.bytes(),
                    Arbitraries.of(Colour.class),
                    inner,
                    doubles(),
                    instants())
                .as(Whole::new)));
  }

  private static <T> Arbitrary<Typed<?>> typed(Codec<T> codec, Arbitrary<T> values) {
    return values.list().ofMinSize(1).ofMaxSize(9).map(list -> new Typed<>(codec, list));
  }

  private static Arbitrary<Double> doubles() {
    return Arbitraries.oneOf(
        Arbitraries.doubles(),
        Arbitraries.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -0.0));
  }

  private static Arbitrary<UUID> uuids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
  }

  private static Arbitrary<Instant> instants() {
    return Combinators.combine(
            Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
            Arbitraries.longs().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  /** Texts of what each format must write in another way, and of all planes. */
  private static Arbitrary<String> texts() {
    Arbitrary<String> hard =
        Arbitraries.of(
            "\t",
            "\n",
            "\r",
            "\0",
            "\\",
            "\"",
            "'",
            ",",
            "(",
            ")",
            "=",
            " ",
            "a",
            "t",
            "0",
            "\uFEFF",
            "\uFFFD",
            "\u2028",
            "\u0085",
            "\u001b",
            "\uD83D\uDE00",
            "null",
            "ü");
    return hard.list().ofMaxSize(6).map(parts -> String.join("", parts));
  }
}
