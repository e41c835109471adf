package dev.hmap.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine is a map, for every shape. */
@Tag("verify")
class BenchEnginesTest {
  private static final int ENTRIES = 500;

  @TempDir Path folder;

  static Stream<Arguments> enginesAndShapes() {
    return Arrays.stream(Engine.values())
        .filter(e -> e != Engine.NONE && e != Engine.LIMITS)
        .flatMap(e -> Shape.ALL.stream().map(s -> Arguments.of(e, s)));
  }

  static Stream<Arguments> durableEnginesAndShapes() {
    return enginesAndShapes().filter(a -> ((Engine) a.get()[0]).does(Stage.DURABLE));
  }

  @ParameterizedTest
  @MethodSource("enginesAndShapes")
  void shouldGiveBackWhatWasPut(Engine engine, Shape<?, ?> shape) {
    check(engine, shape, false);
  }

  @ParameterizedTest
  @MethodSource("durableEnginesAndShapes")
  void shouldGiveBackWhatWasPutDurably(Engine engine, Shape<?, ?> shape) {
    check(engine, shape, true);
  }

  private <K, V> void check(Engine engine, Shape<K, V> shape, boolean durable) {
    Place place = new Place(folder, ENTRIES, durable, 16 << 20);
    try (Store<K, V> store = engine.open(place, shape)) {
      List<Long> all = LongStream.range(1, ENTRIES).boxed().toList();
      store.putAll(
          all.stream().map(shape::keyOf).toList(), all.stream().map(shape::valueOf).toList());
      store.put(shape.keyOf(0), shape.valueOf(0));
      store.put(shape.keyOf(7), shape.valueOf(ENTRIES + 7));
      store.settle();
      checkEntries(store, shape);
    }
    if (engine.isOnDisk()) {
      assertThat(Folder.diskBytes(folder)).isGreaterThan(ENTRIES * shape.entryBytes());
      try (Store<K, V> again = engine.open(place, shape)) {
        checkEntries(again, shape);
      }
    }
  }

  private static <K, V> void checkEntries(Store<K, V> store, Shape<K, V> shape) {
    Map<K, Long> checks = new HashMap<>();
    store.forEach((k, v) -> assertThat(checks.put(k, shape.check().applyAsLong(v))).isNull());
    assertThat(checks).hasSize(ENTRIES);
    for (long i = 0; i < ENTRIES; i++) {
      V expected = shape.valueOf(i == 7 ? ENTRIES + 7 : i);
      assertThat(store.get(shape.keyOf(i))).isEqualTo(expected);
      assertThat(checks).containsEntry(shape.keyOf(i), shape.check().applyAsLong(expected));
      assertThat(store.get(shape.keyOf(Shape.ABSENT + i))).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldHaveTheBytesThatItSays(Shape<?, ?> shape) {
    checkBytes(shape);
  }

  static List<Shape<?, ?>> shapes() {
    return Shape.ALL;
  }

  private static <K, V> void checkBytes(Shape<K, V> shape) {
    assertThat(shape.keys().encode(shape.keyOf(1))).hasSize(shape.keyBytes());
    assertThat(shape.values().encode(shape.valueOf(1))).hasSize(shape.valueBytes());
    assertThat(shape.keyOf(1)).isNotEqualTo(shape.keyOf(2)).isEqualTo(shape.keyOf(1));
    assertThat(shape.check().applyAsLong(shape.valueOf(1)))
        .isNotEqualTo(shape.check().applyAsLong(shape.valueOf(2)));
  }
}
