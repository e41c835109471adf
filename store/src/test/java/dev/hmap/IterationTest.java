package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Iteration beside changes of one's own, step by step, as Go promises it. */
@Tag("promise:map")
class IterationTest {
  private static final long KEYS = 100;

  @TempDir Path folder;

  private HMap<Long, String> map(long keys) {
    HMap<Long, String> map =
        HMap.at(folder.resolve("store"), Codec.LONG, Codec.STRING)
            .durability(Durability.ASYNC)
            .withoutBean()
            .open();
    LongStream.range(0, keys).forEach(key -> map.put(key, "old" + key));
    return map;
  }

  /** The views, by the key that an element is of. */
  enum View {
    ENTRIES {
      @Override
      Collection<?> of(HMap<Long, String> map) {
        return map.entrySet();
      }

      @Override
      long key(Object element) {
        return (Long) ((Map.Entry<?, ?>) element).getKey();
      }
    },
    KEYS {
      @Override
      Collection<?> of(HMap<Long, String> map) {
        return map.keySet();
      }

      @Override
      long key(Object element) {
        return (Long) element;
      }
    },
    VALUES {
      @Override
      Collection<?> of(HMap<Long, String> map) {
        return map.values();
      }

      @Override
      long key(Object element) {
        return Long.parseLong(((String) element).substring(3));
      }
    };

    abstract Collection<?> of(HMap<Long, String> map);

    abstract long key(Object element);
  }

  private static void removeAllBut(HMap<Long, String> map, Set<Long> kept) {
    List.copyOf(map.keySet()).stream().filter(key -> !kept.contains(key)).forEach(map::remove);
  }

  @ParameterizedTest
  @EnumSource
  void anEntryRemovedAfterTheOneBeforeItWasReturnedIsReturnedAllTheSame(View view) {
    try (HMap<Long, String> map = map(KEYS)) {
      Iterator<?> all = view.of(map).iterator();
      Set<Long> seen = new HashSet<>();
      seen.add(view.key(all.next()));
      removeAllBut(map, seen);
      assertThat(all.hasNext()).isFalse();
      assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEntryThatHasNextPromisedIsNotReturnedOnceItIsRemoved(View view) {
    try (HMap<Long, String> map = map(KEYS)) {
      Iterator<?> all = view.of(map).iterator();
      assertThat(all.hasNext()).isTrue();
      map.clear();
      assertThat(all.hasNext()).isTrue();
      assertThat(view.key(all.next())).isBetween(0L, KEYS - 1);
      assertThat(all.hasNext()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneMoreComesAfterClear(View view) {
    try (HMap<Long, String> map = map(KEYS)) {
      Iterator<?> all = view.of(map).iterator();
      assertThat(all.next()).isNotNull();
      map.clear();
      assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void anUpdateBetweenHasNextAndNextIsNotSeen() {
    try (HMap<Long, String> map = map(KEYS)) {
      int count = 0;
      for (Iterator<Map.Entry<Long, String>> all = map.entrySet().iterator(); all.hasNext(); ) {
        long round = count++;
        map.replaceAll((key, _) -> "new" + round + "of" + key);
        Map.Entry<Long, String> entry = all.next();
        assertThat(entry.getValue()).isEqualTo("new" + round + "of" + entry.getKey());
      }
      assertThat(count).isEqualTo((int) KEYS);
    }
  }

  @Test
  void aSpliteratorReturnsWhatIsRemoved() {
    try (HMap<Long, String> map = map(KEYS)) {
      Spliterator<Long> all = map.keySet().spliterator();
      Set<Long> seen = new HashSet<>();
      assertThat(all.tryAdvance(seen::add)).isTrue();
      removeAllBut(map, seen);
      assertThat(all.tryAdvance(seen::add)).isFalse();
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void forEachReturnsWhatItsOwnConsumerRemoved() {
    try (HMap<Long, String> map = map(KEYS)) {
      List<Long> seen = new ArrayList<>();
      map.forEach((key, _) -> {
        seen.add(key);
        removeAllBut(map, Set.of());
      });
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void forEachOfLongsReturnsWhatItsOwnConsumerRemoved() {
    try (LongLongHMap map = LongLongHMap.open(folder.resolve("longs"))) {
      LongStream.range(0, KEYS).forEach(key -> map.put(key, key));
      List<Long> seen = new ArrayList<>();
      map.forEach((key, _) -> {
        seen.add(key);
        map.map().clear();
      });
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void aRemoveByTheIteratorAfterHasNextRemovesTheOneBehind() {
    try (HMap<Long, String> map = map(KEYS)) {
      Iterator<Long> all = map.keySet().iterator();
      long first = all.next();
      assertThat(all.hasNext()).isTrue();
      all.remove();
      assertThat(map).hasSize((int) KEYS - 1).doesNotContainKey(first);
      long second = all.next();
      assertThat(map).containsKey(second);
    }
  }

  @Test
  void aFollowersIteratorReturnsWhatARefreshRemoved() {
    try (HMap<Long, String> map = map(KEYS);
        HMap<Long, String> follower =
            HMap.at(folder.resolve("store"), Codec.LONG, Codec.STRING).readOnly().open()) {
      Iterator<Map.Entry<Long, String>> all = follower.entrySet().iterator();
      Map.Entry<Long, String> first = all.next();
      Iterator<Map.Entry<Long, String>> committed = follower.entrySet().iterator();
      assertThat(committed.hasNext()).isTrue();
      removeAllBut(map, Set.of());
      map.checkpoint();
      map.put(first.getKey(), "new");
      follower.refresh();
      assertThat(committed.next()).isNotNull();
      assertThat(committed.hasNext() ? committed.next().getKey() : first.getKey())
          .isEqualTo(first.getKey());
      assertThat(all.hasNext()).isFalse();
    }
  }

  // ------------------------------------------------- where it begins

  @ParameterizedTest
  @EnumSource
  void eachIterationBeginsAtTheSameEntry(View view) {
    try (HMap<Long, String> map = map(1_000)) {
      Set<Long> firsts = new HashSet<>();
      for (int i = 0; i < 400; i++) {
        firsts.add(view.key(view.of(map).iterator().next()));
      }
      assertThat(firsts).hasSizeGreaterThan(100);
    }
  }

  @Test
  void eachForEachAndSpliteratorBeginsAtTheSameEntry() {
    try (HMap<Long, String> map = map(1_000)) {
      Set<Long> firsts = new HashSet<>();
      Set<Long> others = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        List<Long> order = new ArrayList<>();
        map.forEach((key, _) -> order.add(key));
        firsts.add(order.getFirst());
        assertThat(new HashSet<>(order)).hasSize(1_000);
        assertThat(map.keySet().spliterator().tryAdvance(others::add)).isTrue();
      }
      assertThat(firsts).hasSizeGreaterThan(50);
      assertThat(others).hasSizeGreaterThan(50);
    }
  }

  @Test
  void aBucketIsAlwaysReadFromItsFirstSlot() {
    try (HMap<Long, String> map = map(8)) {
      Set<Long> firsts = new HashSet<>();
      for (int i = 0; i < 400; i++) {
        firsts.add(map.keySet().iterator().next());
      }
      assertThat(firsts).hasSize(8);
    }
  }
}
