package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on many entries at once: they remove what they judged, and go in batches. */
@Tag("promise:map")
class BulkTest {
  @TempDir Path folder;

  private HMapBuilder<Long, String> builder() {
    return HMap.at(folder.resolve("store"), Codec.LONG, Codec.STRING)
        .durability(Durability.ASYNC)
        .withoutBean();
  }

  /** Removals of the entries whose value is {@code old}, and the value as they judge it. */
  enum Removal {
    ENTRIES_REMOVE_IF {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.entrySet().removeIf(e -> isOld(e.getValue(), judged));
      }
    },
    VALUES_REMOVE_IF {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.values().removeIf(value -> isOld(value, judged));
      }
    },
    VALUES_REMOVE_ALL {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.values().removeAll(new Judge(judged, true));
      }
    },
    VALUES_RETAIN_ALL {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.values().retainAll(new Judge(judged, false));
      }
    },
    ENTRIES_REMOVE_ALL {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.entrySet().removeAll(new EntryJudge(judged, true));
      }
    },
    ENTRIES_RETAIN_ALL {
      @Override
      void run(HMap<Long, String> map, Consumer<String> judged) {
        map.entrySet().retainAll(new EntryJudge(judged, false));
      }
    };

    abstract void run(HMap<Long, String> map, Consumer<String> judged);

    static boolean isOld(String value, Consumer<String> judged) {
      judged.accept(value);
      return value.equals("old");
    }

    /** Contains the old value alone, or all others. */
    private static final class Judge extends HashSet<String> {
      private static final long serialVersionUID = 1L;
      private final transient Consumer<String> judged;
      private final boolean containsOld;

      Judge(Consumer<String> judged, boolean containsOld) {
        this.judged = judged;
        this.containsOld = containsOld;
      }

      @Override
      public int size() {
        return Integer.MAX_VALUE;
      }

      @Override
      public boolean contains(Object o) {
        return isOld((String) o, judged) == containsOld;
      }
    }

    /** The same of entries. */
    private static final class EntryJudge extends HashSet<Map.Entry<Long, String>> {
      private static final long serialVersionUID = 1L;
      private final transient Consumer<String> judged;
      private final boolean containsOld;

      EntryJudge(Consumer<String> judged, boolean containsOld) {
        this.judged = judged;
        this.containsOld = containsOld;
      }

      @Override
      public int size() {
        return Integer.MAX_VALUE;
      }

      @Override
      public boolean contains(Object o) {
        return isOld((String) ((Map.Entry<?, ?>) o).getValue(), judged) == containsOld;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aValuePutAfterTheOldOneWasJudgedIsLost(Removal removal) {
    try (HMap<Long, String> map = builder().open()) {
      LongStream.range(0, 3_000).forEach(key -> map.put(key, key % 3 == 0 ? "kept" : "old"));
      AtomicBoolean isFirst = new AtomicBoolean(true);
      removal.run(
          map,
          judged -> {
            if (judged.equals("old") && isFirst.getAndSet(false)) {
              map.replaceAll((_, value) -> value.equals("old") ? "new" : value);
            }
          });
      assertThat(map).hasSize(3_000).doesNotContainValue("old");
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThatIsJudgedGoes(Removal removal) {
    try (HMap<Long, String> map = builder().open()) {
      LongStream.range(0, 3_000).forEach(key -> map.put(key, key % 3 == 0 ? "kept" : "old"));
      removal.run(map, _ -> {});
      assertThat(map).hasSize(1_000).doesNotContainValue("old");
    }
  }

  @Test
  void aValueIsRemovedByTheKeyItHad() {
    try (HMap<Long, String> map = builder().open()) {
      map.put(1L, "a");
      map.put(2L, "b");
      assertThat(map.values().remove("c")).isFalse();
      assertThat(map.values().remove("a")).isTrue();
      assertThat(map).hasSize(1).containsEntry(2L, "b");
      assertThat(map.keySet().removeAll(List.of(2L, 3L))).isTrue();
      assertThat(map.keySet().removeIf(_ -> true)).isFalse();
      assertThat(map).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1_000, 1_001, 5_000})
  void putAllWritesEachEntryByItself(int entries) {
    Map<Long, String> all = new HashMap<>();
    LongStream.range(0, entries).forEach(key -> all.put(key, "value" + key));
    try (HMap<Long, String> map = builder().durability(Durability.SYNC).open()) {
      long before = map.stats().log().forces();
      map.putAll(all);
      assertThat(map.stats().log().forces() - before).isLessThanOrEqualTo(entries / 1_000 + 1);
      assertThat(map).isEqualTo(all);
    }
  }

  @Test
  void putAllOfLongValuesPassesTheLimitOfABatch() {
    String large = "x".repeat(10 << 20);
    Map<Long, String> all = new HashMap<>();
    LongStream.range(0, 10).forEach(key -> all.put(key, large));
    try (HMap<Long, String> map = builder().open()) {
      map.putAll(all);
      assertThat(map.keySet()).isEqualTo(all.keySet());
    }
  }

  @Test
  void aPutAllThatFailsKeepsNothingOfItsLastBatch() {
    Map<Long, String> all = new HashMap<>();
    all.put(1L, "a");
    all.put(2L, null);
    try (HMap<Long, String> map = builder().open()) {
      assertThatThrownBy(() -> map.putAll(all)).isInstanceOf(NullPointerException.class);
      assertThat(map).isEmpty();
    }
  }

  @Test
  void entriesThatExpireAreRemovedInBulkToo() {
    try (HMap<Long, String> map = builder().timeToLive(java.time.Duration.ofHours(1)).open()) {
      Map<Long, String> all = new HashMap<>();
      LongStream.range(0, 2_500).forEach(key -> all.put(key, key % 2 == 0 ? "old" : "kept"));
      map.putAll(all);
      assertThat(map).isEqualTo(all);
      assertThat(map.values().removeIf("old"::equals)).isTrue();
      Set<String> left = new HashSet<>(new ArrayList<>(map.values()));
      assertThat(left).containsExactly("kept");
      assertThat(map.keySet().retainAll(Set.of(1L))).isTrue();
      assertThat(map).hasSize(1);
    }
  }
}
