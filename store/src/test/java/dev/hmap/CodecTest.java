package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.CodecMismatchException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every codec as key and as value, its bytes, and what it refuses. */
class CodecTest {
  @TempDir Path folder;

  /** For instance a traffic light. */
  enum Light {
    RED,
    GREEN
  }

  record Inner(short s, boolean b) {}

  record All(
      boolean flag,
      byte octet,
      short s,
      int i,
      long l,
      Instant at,
      UUID id,
      Light light,
      Inner inner,
      String text) {}

  record Measured(Instant at, double value, float error) {}

  record Listed(List<String> names) {}

  private <T> void survivesAsKeyAndValue(Codec<T> codec, List<T> samples) {
    Path path = folder.resolve("store.hmap");
    Map<T, T> model = new HashMap<>();
    try (HMap<T, T> map = HMap.at(path, codec, codec).durability(Durability.ASYNC).create()) {
      for (T sample : samples) {
        map.put(sample, sample);
        model.put(sample, sample);
      }
      assertThat(map).isEqualTo(model);
    }
    try (HMap<T, T> map = HMap.at(path, codec, codec).openExisting()) {
      assertThat(map).isEqualTo(model);
      samples.forEach(sample -> assertThat(map.remove(sample)).isEqualTo(sample));
      assertThat(map).isEmpty();
    }
    assertThat(path.toFile().delete()).isTrue();
  }

  private static <T> String hex(Codec<T> codec, T value) {
    return HexFormat.of().formatHex(codec.encode(value));
  }

  @Test
  void valuesOfEveryKindComeBackAsTheyWere() {
    survivesAsKeyAndValue(Codec.BOOLEAN, List.of(true, false));
    survivesAsKeyAndValue(Codec.BYTE, List.of(Byte.MIN_VALUE, (byte) 0, Byte.MAX_VALUE));
    survivesAsKeyAndValue(Codec.SHORT, List.of(Short.MIN_VALUE, (short) -1, Short.MAX_VALUE));
    survivesAsKeyAndValue(Codec.INT, List.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE));
    survivesAsKeyAndValue(Codec.LONG, List.of(Long.MIN_VALUE, -1L, Long.MAX_VALUE));
    survivesAsKeyAndValue(
        Codec.INSTANT, List.of(Instant.MIN, Instant.EPOCH, Instant.ofEpochSecond(1, 999_999_999)));
    survivesAsKeyAndValue(Codec.UUID, List.of(new UUID(0, 0), new UUID(-1, 1)));
    survivesAsKeyAndValue(Codec.STRING, List.of("", "\t\n\0", "\uD83D\uDE00"));
    survivesAsKeyAndValue(Codec.enumOf(Light.class), Arrays.asList(Light.values()));
    survivesAsKeyAndValue(
        Codec.record(All.class),
        List.of(
            new All(
                true,
                (byte) 1,
                (short) 2,
                3,
                4,
                Instant.EPOCH,
                new UUID(5, 6),
                Light.GREEN,
                new Inner((short) 7, false),
                "eight")));
  }

  @Test
  void floatingPointIsAValueButNoKey() {
    Path path = folder.resolve("measured.hmap");
    Codec<Measured> codec = Codec.record(Measured.class);
    Measured odd = new Measured(Instant.EPOCH, -0.0, Float.NaN);
    try (HMap<Long, Measured> map = HMap.open(path, Codec.LONG, codec)) {
      map.put(1L, odd);
      assertThat(map.get(1L)).isEqualTo(odd);
      assertThat(map.replace(1L, odd, odd)).isTrue();
    }
    assertThatThrownBy(() -> HMap.at(path, Codec.DOUBLE, Codec.LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("double cannot be a key");
    assertThatThrownBy(() -> HMap.at(path, codec, Codec.LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("record(at:instant,value:double,error:float) cannot be a key");
  }

  @Test
  void bytesAreThoseOfTheSpecification() {
    assertThat(hex(Codec.BOOLEAN, true)).isEqualTo("01");
    assertThat(hex(Codec.SHORT, (short) -2)).isEqualTo("feff");
    assertThat(hex(Codec.FLOAT, 1f)).isEqualTo("0000803f");
    assertThat(hex(Codec.DOUBLE, 1d)).isEqualTo("000000000000f03f");
    assertThat(hex(Codec.INSTANT, Instant.ofEpochSecond(1, TimeUnit.SECONDS.toNanos(1) - 1)))
        .isEqualTo("0100000000000000ffc99a3b");
    assertThat(hex(Codec.enumOf(Light.class), Light.GREEN)).isEqualTo("0100");
    assertThat(Codec.enumOf(Light.class).shape()).isEqualTo("enum(RED,GREEN)");
  }

  @Test
  void otherTypesAreRefusedWithTheReason() {
    assertThatThrownBy(() -> Codec.record(Listed.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("component names of " + Listed.class.getName())
        .hasMessageContaining("java.util.List");
  }

  @Test
  void aStoreIsNotOpenedWithAnotherEnum() {
    enum Other {
      RED,
      GREEN,
      BLUE
    }
    Path path = folder.resolve("lights.hmap");
    HMap.open(path, Codec.LONG, Codec.enumOf(Light.class)).close();
    assertThatThrownBy(
            () -> Objects.requireNonNull(HMap.open(path, Codec.LONG, Codec.enumOf(Other.class))))
        .isInstanceOf(CodecMismatchException.class)
        .hasMessageContaining("enum(RED,GREEN)")
        .hasMessageContaining("enum(RED,GREEN,BLUE)");
  }

  record Score(String name, int points) {}

  record GrownScore(String name, int points, long since) {}

  @Test
  void aRecordThatGrewIsRefusedAndMovedByReadingTheOldAndWritingTheNew() {
    Path path = folder.resolve("scores.hmap");
    try (HMap<Long, Score> map = HMap.open(path, Codec.LONG, Codec.record(Score.class))) {
      map.put(1L, new Score("one", 10));
    }
    assertThatThrownBy(() -> HMap.open(path, Codec.LONG, Codec.record(GrownScore.class)))
        .isInstanceOf(CodecMismatchException.class)
        .hasMessageContaining("long to record(name:string,points:int)")
        .hasMessageContaining("long to record(name:string,points:int,since:long)");
    Path fresh = folder.resolve("grown.hmap");
    try (HMap<Long, Score> from = HMap.open(path, Codec.LONG, Codec.record(Score.class));
        HMap<Long, GrownScore> to = HMap.open(fresh, Codec.LONG, Codec.record(GrownScore.class))) {
      from.forEach((key, old) -> to.put(key, new GrownScore(old.name(), old.points(), 7)));
      assertThat(to).containsOnly(Map.entry(1L, new GrownScore("one", 10, 7)));
    }
  }
}
