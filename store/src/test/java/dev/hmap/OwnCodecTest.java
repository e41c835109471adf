package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Codecs that make other bytes of equal values, or equal values of other bytes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("promise:map")
class OwnCodecTest {
  @TempDir Path folder;

  /** Its constructor brings all names to one form; before a change it did not. */
  private record Name(String name) {
    static volatile UnaryOperator<String> form = UnaryOperator.identity();

    Name {
      name = form.apply(name);
    }
  }

  @BeforeEach
  void reset() {
    Name.form = UnaryOperator.identity();
  }

  private HMap<Long, String> encrypted() {
    return HMap.at(folder.resolve("store"), Codec.LONG, new EncryptingCodec<>(Codec.STRING))
        .withoutBean()
        .open();
  }

  @Test
  void valuesOfOtherBytesAreComputedForEver() {
    try (HMap<Long, String> map = encrypted()) {
      map.put(1L, "a");
      assertThat(map.merge(1L, "b", String::concat)).isEqualTo("ab");
      assertThat(map.compute(1L, (_, value) -> value + "c")).isEqualTo("abc");
      assertThat(map.computeIfPresent(1L, (_, value) -> value + "d")).isEqualTo("abcd");
      map.replaceAll((_, value) -> value + "e");
      assertThat(map).isEqualTo(Map.of(1L, "abcde"));
      assertThat(map.merge(1L, "x", (_, _) -> null)).isNull();
      assertThat(map.compute(2L, (_, value) -> value)).isNull();
      assertThat(map.merge(2L, "x", String::concat)).isEqualTo("x");
      assertThat(map.computeIfPresent(2L, (_, _) -> null)).isNull();
      assertThat(map).isEmpty();
    }
  }

  @Test
  void valuesOfOtherBytesAreNeverEqual() {
    try (HMap<Long, String> map = encrypted()) {
      map.put(1L, "a");
      assertThat(map.containsValue("a")).isTrue();
      assertThat(map.containsValue("b")).isFalse();
      assertThat(map.replace(1L, "b", "c")).isFalse();
      assertThat(map.replace(1L, "a", "b")).isTrue();
      assertThat(map.remove(1L, "a")).isFalse();
      assertThat(map.entrySet().contains(Map.entry(1L, "b"))).isTrue();
      assertThat(map.remove(1L, "b")).isTrue();
      map.put(1L, "a");
      assertThat(map.entrySet().remove(Map.entry(1L, "a"))).isTrue();
      map.put(1L, "a");
      assertThat(map.values().remove("a")).isTrue();
      map.put(1L, "a");
      assertThat(map.values().removeAll(List.of("a"))).isTrue();
      map.put(1L, "a");
      assertThat(map).isEqualTo(new HashMap<>(Map.of(1L, "a")));
    }
  }

  @Test
  void valuesOfOtherBytesAreNeverEqualWithoutWaiting() {
    try (HMap<Long, String> map = encrypted()) {
      CompletableFuture<String> put = map.putAsync(1L, "a");
      CompletableFuture<Boolean> wrong = map.replaceAsync(1L, "x", "y");
      CompletableFuture<Boolean> right = map.replaceAsync(1L, "a", "b");
      CompletableFuture<Boolean> kept = map.removeAsync(1L, "a");
      CompletableFuture<Boolean> removed = map.removeAsync(1L, "b");
      assertThat(removed.join()).isTrue();
      assertThat(put).isCompletedWithValue(null);
      assertThat(wrong).isCompletedWithValue(false);
      assertThat(right).isCompletedWithValue(true);
      assertThat(kept).isCompletedWithValue(false);
      assertThat(map).isEmpty();
    }
  }

  @Test
  void aRecordWhoseConstructorChangedIsComputedForEver() {
    try (HMap<Long, Name> map =
        HMap.open(folder.resolve("store"), Codec.LONG, Codec.record(Name.class))) {
      map.put(1L, new Name("Ann"));
      Name.form = name -> name.toLowerCase(Locale.ROOT);
      Name ann = new Name("ann");
      assertThat(map.get(1L)).isEqualTo(ann);
      assertThat(map.containsValue(ann)).isTrue();
      assertThat(map.replace(1L, ann, new Name("Bob"))).isTrue();
      Name.form = UnaryOperator.identity();
      map.put(1L, new Name("Ann"));
      Name.form = name -> name.toLowerCase(Locale.ROOT);
      assertThat(map.merge(1L, ann, (a, b) -> new Name(a.name() + b.name())))
          .isEqualTo(new Name("annann"));
      map.put(2L, ann);
      assertThat(map.remove(2L, ann)).isTrue();
    }
  }

  @Test
  void valuesThatDifferAreEqualByTheirBytes() {
    Codec<String> codec =
        new Codec<>() {
          @Override
          public String shape() {
            return "lower case";
          }

          @Override
          public byte[] encode(String value) {
            return Codec.STRING.encode(value.toLowerCase(Locale.ROOT));
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            return Codec.STRING.decode(bytes, offset, length);
          }
        };
    try (HMap<Long, String> map = HMap.open(folder.resolve("store"), Codec.LONG, codec)) {
      map.put(1L, "ABC");
      assertThat(map.get(1L)).isEqualTo("abc");
      assertThat(map.containsValue("ABC")).isFalse();
      assertThat(map.replace(1L, "ABC", "x")).isFalse();
      assertThat(map.remove(1L, "ABC")).isFalse();
      assertThat(map.replace(1L, "abc", "x")).isTrue();
    }
  }

  @Test
  void floatsAreEqualAsTheirBoxesAre() {
    try (HMap<Long, Double> map = HMap.open(folder.resolve("store"), Codec.LONG, Codec.DOUBLE)) {
      map.put(1L, 0.0);
      assertThat(map.replace(1L, -0.0, 1.0)).isFalse();
      map.put(1L, Double.NaN);
      assertThat(map.containsValue(Double.NaN)).isTrue();
      assertThat(map.replace(1L, Double.longBitsToDouble(0x7ff8_0000_0000_0001L), 2.0)).isTrue();
      assertThat(map.merge(1L, 3.0, Double::sum)).isEqualTo(5.0);
    }
  }

  /** Works in the array that it is given. */
  private static class InPlace implements Codec<String> {
    @Override
    public String shape() {
      return "in place";
    }

    @Override
    public byte[] encode(String value) {
      return turned(Codec.STRING.encode(value), 0);
    }

    @Override
    public String decode(byte[] bytes, int offset, int length) {
      return Codec.STRING.decode(turned(bytes, offset), offset, length);
    }

    private static byte[] turned(byte[] bytes, int offset) {
      for (int i = offset; i < bytes.length; i++) {
        bytes[i] ^= 1;
      }
      return bytes;
    }
  }

  @Test
  void aDecodeThatWorksInItsArrayIsComputedForEver() {
    try (HMap<Long, String> map = HMap.open(folder.resolve("store"), Codec.LONG, new InPlace())) {
      map.put(1L, "a");
      assertThat(map.merge(1L, "b", String::concat)).isEqualTo("ab");
      assertThat(map.replace(1L, "ab", "c")).isTrue();
      assertThat(map.values().remove("c")).isTrue();
      map.put(1L, "d");
      assertThat(map.entrySet().removeIf(e -> e.getValue().equals("d"))).isTrue();
      assertThat(map).isEmpty();
    }
  }

  @Test
  void bytesOfAnOwnCodecAreNotComparedByContent() {
    Codec<byte[]> codec =
        new Codec<>() {
          @Override
          public String shape() {
            return "own bytes";
          }

          @Override
          public byte[] encode(byte[] value) {
            return value.clone();
          }

          @Override
          public byte[] decode(byte[] bytes, int offset, int length) {
            return Arrays.copyOfRange(bytes, offset, offset + length);
          }
        };
    try (HMap<Long, byte[]> map = HMap.open(folder.resolve("store"), Codec.LONG, codec)) {
      map.put(1L, new byte[] {1});
      assertThat(map.containsValue(new byte[] {1})).isTrue();
      assertThat(map.replace(1L, new byte[] {1}, new byte[] {2})).isTrue();
      assertThat(map.entrySet().contains(Map.entry(1L, new byte[] {2}))).isTrue();
      assertThat(map.remove(1L, new byte[] {2})).isTrue();
    }
  }

  /** Of which a component cannot be had. */
  private record Failing(long id) {
    static volatile boolean fails;

    @Override
    @SuppressWarnings("UnusedMethod") // by reflection
    public long id() {
      if (fails) {
        throw new OutOfMemoryError("planted");
      }
      return id;
    }
  }

  @Test
  void anErrorOfAnAccessorMakesAKeyAbsent() {
    Failing.fails = false;
    try (HMap<Failing, Long> map =
        HMap.open(folder.resolve("store"), Codec.record(Failing.class), Codec.LONG)) {
      Failing key = new Failing(1);
      map.put(key, 1L);
      Failing.fails = true;
      assertThatThrownBy(() -> map.get(key)).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(() -> map.containsKey(key)).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(() -> map.put(key, 2L)).isInstanceOf(OutOfMemoryError.class);
      Failing.fails = false;
      assertThat(map.get(key)).isEqualTo(1L);
    }
  }

  @Test
  void aShapeWithAnUnpairedSurrogateMakesAStoreOfAnother() {
    Codec<String> codec =
        new InPlace() {
          @Override
          public String shape() {
            return "own\ud800";
          }
        };
    assertThatThrownBy(() -> HMap.open(folder.resolve("store"), Codec.LONG, codec))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
