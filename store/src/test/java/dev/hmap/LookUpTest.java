package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.EntryTooLargeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Look-ups of what cannot be a key or a value: it is absent, or of a wrong class, as of any map.
 */
@SuppressWarnings({"CollectionIncompatibleType", "EqualsIncompatibleType"}) // that is what it tests
@Tag("promise:map")
class LookUpTest {
  private static final String TOO_LONG = "x".repeat(70_000);
  private static final String UNPAIRED = "a\ud800b";

  @TempDir Path folder;

  private enum Color {
    RED,
    GREEN
  }

  private enum Size {
    S,
    M
  }

  private record Point(int x, int y) {}

  private record Name(String first, String last) {}

  /** A record that contains itself. */
  private record Self(int x, Self next) {}

  private record Ping(Pong pong) {}

  private record Pong(Ping ping) {}

  private <K, V> HMap<K, V> open(Codec<K> keys, Codec<V> values) {
    return HMap.at(folder.resolve("store"), keys, values).withoutBean().open();
  }

  @Test
  void aValueThatStandsForNoneWithinALookUpIsFound() {
    try (HMap<Long, Long> map = open(Codec.LONG, Codec.LONG)) {
      for (long value : new long[] {AbstractStoreMap.ABSENT, ~AbstractStoreMap.ABSENT}) {
        map.put(1L, value);
        assertThat(map.get(1L)).isEqualTo(value);
        assertThat(map.getAll(List.of(1L, 2L))).isEqualTo(Map.of(1L, value));
        assertThat(map.get(2L)).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {UNPAIRED})
  void aLookUpOfAnUnpairedSurrogateThrows(String key) {
    shouldBeAbsent(key);
  }

  @Test
  void aLookUpOfAKeyTooLongThrows() {
    shouldBeAbsent(TOO_LONG);
  }

  private void shouldBeAbsent(String key) {
    try (HMap<String, String> map = open(Codec.STRING, Codec.STRING)) {
      map.put("a", "1");
      assertThat(map.get(key)).isNull();
      assertThat(map.getOrDefault(key, "none")).isEqualTo("none");
      assertThat(map.containsKey(key)).isFalse();
      assertThat(map.containsValue(key)).isFalse();
      assertThat(map.getAll(List.of(key, "a"))).isEqualTo(Map.of("a", "1"));
      String read = map.read(key, _ -> "read");
      assertThat(read).isNull();
      assertThat(map.remove(key)).isNull();
      assertThat(map.remove(key, "1")).isFalse();
      assertThat(map.remove("a", key)).isFalse();
      assertThat(map.removeAsync(key).join()).isNull();
      assertThat(map.removeAsync(key, "1").join()).isFalse();
      assertThat(map.removeAsync("a", UNPAIRED).join()).isFalse();
      assertThat(map.replaceAsync("a", UNPAIRED, "2").join()).isFalse();
      assertThat(map.replace("a", UNPAIRED, "2")).isFalse();
      assertThat(map.computeIfPresent(key, (_, _) -> "2")).isNull();
      map.write(batch -> assertThat(batch.get(key)).isNull());
      assertThat(map.keySet().contains(key)).isFalse();
      assertThat(map.keySet().remove(key)).isFalse();
      assertThat(map.values().remove(UNPAIRED)).isFalse();
      assertThat(map.entrySet().contains(Map.entry(key, "1"))).isFalse();
      assertThat(map.entrySet().remove(Map.entry(key, "1"))).isFalse();
      Map<String, String> other = new HashMap<>();
      other.put(key, "1");
      assertThat(other.equals(map)).isFalse();
      assertThat(map.equals(other)).isFalse();
      assertThatThrownBy(() -> map.put(key, "1"))
          .isInstanceOfAny(IllegalArgumentException.class, EntryTooLargeException.class);
      assertThat(map).isEqualTo(Map.of("a", "1"));
    }
  }

  @Test
  void aConstantOfAnotherEnumRemovesTheOneAtItsPlace() {
    try (HMap<Color, Color> map = open(Codec.enumOf(Color.class), Codec.enumOf(Color.class))) {
      map.put(Color.RED, Color.GREEN);
      assertThatThrownBy(() -> map.remove(Size.S)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> map.get(Size.S)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> map.containsValue(Size.M)).isInstanceOf(ClassCastException.class);
      assertThat(new HashMap<>(Map.of(Size.S, Size.M)).equals(map)).isFalse();
      assertThat(map.equals(Map.of(Size.S, Size.M))).isFalse();
      assertThat(map).containsEntry(Color.RED, Color.GREEN);
    }
  }

  @Test
  void aRecordOfAnotherClassIsAnIllegalArgument() {
    try (HMap<Point, Point> map = open(Codec.record(Point.class), Codec.record(Point.class))) {
      Point point = new Point(1, 2);
      Name name = new Name("a", "b");
      map.put(point, point);
      assertThatThrownBy(() -> map.get(name)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> map.remove(name)).isInstanceOf(ClassCastException.class);
      assertThat(map.containsValue(name)).isFalse();
      assertThat(new HashMap<>(Map.of(name, name)).equals(map)).isFalse();
      assertThat(map).containsEntry(point, point);
    }
  }

  @Test
  void anUnencodableValueChangesTheEntry() {
    try (HMap<Long, String> map = open(Codec.LONG, Codec.STRING)) {
      map.put(1L, "a");
      Map.Entry<Long, String> entry = map.entrySet().iterator().next();
      assertThatThrownBy(() -> entry.setValue(UNPAIRED))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(entry.getValue()).isEqualTo("a");
      assertThat(entry.setValue("b")).isEqualTo("a");
      assertThat(entry.getValue()).isEqualTo("b");
      assertThat(map).containsEntry(1L, "b");
    }
  }

  @Test
  void anEntryOfBytesIsNotContained() {
    try (HMap<Long, byte[]> map = open(Codec.LONG, Codec.BYTES)) {
      map.put(1L, new byte[] {1, 2});
      assertThat(map.entrySet().contains(map.entrySet().iterator().next())).isTrue();
      assertThat(map.entrySet().contains(Map.entry(1L, new byte[] {1}))).isFalse();
      assertThat(map.entrySet().contains(Map.entry(1L, "12"))).isFalse();
      assertThat(map.containsValue(new byte[] {1, 2})).isTrue();
      assertThat(map.replace(1L, new byte[] {1, 2}, new byte[] {3})).isTrue();
      assertThat(map.values().remove(new byte[] {3})).isTrue();
    }
  }

  // ------------------------------------------------- codecs that cannot be

  @Test
  void aRecordThatContainsItselfOverflowsTheStack() {
    assertThatThrownBy(() -> Codec.record(Self.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("next")
        .hasMessageContaining("Self");
    assertThatThrownBy(() -> Codec.record(Ping.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ping");
  }

  private enum Many {
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_01,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_02,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_03,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_04,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_05,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_06,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_07,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_08,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_09,
    A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_TAKES_ALL_OF_A_HUNDRED_CHARACTERS_OF_THE_SHAPE_OF_THIS_ENUM_10
  }

  private record HasMany(Many many) {}

  @Test
  void anEnumOfLongNamesIsMetByAnotherExceptionThanItsLimit() {
    assertThatThrownBy(() -> Codec.enumOf(Many.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,015")
        .hasMessageContaining("1,000");
    assertThatThrownBy(() -> Codec.record(HasMany.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,000");
  }

  @Test
  void aLongShapeOfAnOwnCodecIsMetByAnotherExceptionThanItsLimit() {
    String shape = IntStream.range(0, 300).mapToObj(i -> "part").collect(Collectors.joining(","));
    Codec<String> codec =
        new Codec<>() {
          @Override
          public String shape() {
            return shape;
          }

          @Override
          public byte[] encode(String value) {
            return Codec.STRING.encode(value);
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            return Codec.STRING.decode(bytes, offset, length);
          }
        };
    assertThatThrownBy(() -> open(Codec.LONG, codec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,499")
        .hasMessageContaining("1,000");
    assertThat(folder).isEmptyDirectory();
  }
}
