package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** A whole store, closed, killed, and opened in between, against a {@link HashMap}. */
class HMapModelTest {
  private Path folder;

  @BeforeTry
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("hmap");
  }

  @AfterTry
  void removeFolder() throws IOException {
    TestFiles.deleteTree(folder);
  }

  /** How a store is opened and filled. */
  record Shape<K, V>(
      String name,
      Codec<K> keys,
      Codec<V> values,
      Function<Integer, K> key,
      Function<Random, V> value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A run of operations. */
  record Script(
      Shape<?, ?> shape, Durability durability, long seed, int operations, int keys, int removes) {}

  @Provide
  Arbitrary<Script> scripts() {
    Shape<?, ?> longs =
        new Shape<>("longs", Codec.LONG, Codec.LONG, i -> (long) i, Random::nextLong);
    Shape<?, ?> strings =
        new Shape<>(
            "strings",
            Codec.STRING,
            Codec.STRING,
            i -> "k\u00e9y" + i,
            r -> "v".repeat(r.nextInt(200)) + r.nextInt());
    Shape<?, ?> mixed =
        new Shape<>(
            "int to string", Codec.INT, Codec.STRING, i -> i, r -> "x".repeat(r.nextInt(9_000)));
    return Combinators.combine(
            Arbitraries.of(longs, strings, mixed),
            Arbitraries.of(Durability.class),
            Arbitraries.longs(),
            Arbitraries.integers().between(1, 1_500),
            Arbitraries.of(5, 60, 1_000),
            Arbitraries.of(5, 30))
        .as(Script::new);
  }

  @Property(tries = 60)
  void behavesLikeAHashMapThroughClosingAndKilling(@ForAll("scripts") Script script)
      throws IOException {
    run(script, script.shape);
  }

  /** Several keys at once, and each where its value lies. */
  private static <K, V> void readMany(
      HMap<K, V> map, Map<K, V> model, Script script, Shape<K, V> shape) {
    Map<K, V> expected = new LinkedHashMap<>();
    List<K> keys = new ArrayList<>();
    for (int i = 0; i < Math.min(script.keys, 200); i++) {
      K key = shape.key.apply(i);
      keys.add(key);
      V value = model.get(key);
      byte[] bytes = map.read(key, segment -> segment.toArray(ValueLayout.JAVA_BYTE));
      assertThat(bytes).isEqualTo(value == null ? null : shape.values.encode(value));
      if (value != null) {
        expected.put(key, value);
      }
    }
    assertThat(map.getAll(keys)).containsExactlyEntriesOf(expected);
  }

  private <K, V> void run(Script script, Shape<K, V> shape) throws IOException {
    Random random = new Random(script.seed);
    Map<K, V> model = new HashMap<>();
    Path path = folder.resolve("store.hmap");
    HMap<K, V> map = open(path, script, shape);
    try {
      for (int i = 0; i < script.operations; i++) {
        K key = shape.key.apply(random.nextInt(script.keys));
        V value = shape.value.apply(random);
        int choice = random.nextInt(100);
        if (choice < script.removes) {
          assertThat(map.remove(key)).isEqualTo(model.remove(key));
        } else if (choice < 40) {
          assertThat(map.get(key)).isEqualTo(model.get(key));
        } else if (choice < 44) {
          assertThat(map.putIfAbsent(key, value)).isEqualTo(model.putIfAbsent(key, value));
        } else if (choice < 48) {
          V expected = model.getOrDefault(key, value);
          assertThat(map.replace(key, expected, value))
              .isEqualTo(model.replace(key, expected, value));
        } else if (choice < 50) {
          assertThat(map.replace(key, value)).isEqualTo(model.replace(key, value));
        } else if (choice < 52) {
          assertThat(map.merge(key, value, (a, b) -> b))
              .isEqualTo(model.merge(key, value, (a, b) -> b));
        } else if (choice < 54) {
          map.write(batch -> {
            for (int j = 0; j < 5; j++) {
              K k = shape.key.apply(random.nextInt(script.keys));
              if (random.nextInt(3) == 0) {
                batch.remove(k);
                model.remove(k);
              } else {
                V v = shape.value.apply(random);
                batch.put(k, v);
                model.put(k, v);
              }
            }
          });
        } else {
          assertThat(map.put(key, value)).isEqualTo(model.put(key, value));
        }
        switch (random.nextInt(300)) {
          case 8, 9 -> readMany(map, model, script, shape);
          case 10 -> map.compact();
          case 0 -> {
            map.close();
            assertThat(TestFiles.names(folder)).containsExactly("store.hmap");
            map = open(path, script, shape);
          }
          case 1 -> map = kill(map, script, shape);
          case 2 -> map.checkpoint();
          case 3 -> map.sync();
          case 4 -> {
            map.clear();
            model.clear();
          }
          case 5 -> assertEqual(map, model);
          default -> {
            // goes on
          }
        }
      }
      assertEqual(map, model);
      assertThat(map.stats().growth().maxChainsPerWrite()).isLessThanOrEqualTo(2);
    } finally {
      map.close();
    }
    try (HMap<K, V> readOnly = HMap.at(path, shape.keys, shape.values).readOnly().open()) {
      assertEqual(readOnly, model);
    }
    assertThat(TestFiles.names(folder)).containsExactly("store.hmap");
  }

  /**
   * What a SIGKILL leaves: the files as they are. The store that goes on is the one opened from
   * them.
   */
  private <K, V> HMap<K, V> kill(HMap<K, V> map, Script script, Shape<K, V> shape)
      throws IOException {
    Path left = Files.createTempDirectory(folder, "left");
    for (String name : TestFiles.names(folder)) {
      if (Files.isRegularFile(folder.resolve(name)) && !name.endsWith("-lock")) {
        Files.copy(folder.resolve(name), left.resolve(name));
      }
    }
    map.close();
    for (String name : TestFiles.names(left)) {
      Files.move(left.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.delete(left);
    return open(folder.resolve("store.hmap"), script, shape);
  }

  private static <K, V> HMap<K, V> open(Path path, Script script, Shape<K, V> shape) {
    return HMap.at(path, shape.keys, shape.values)
        .durability(script.durability)
        .maxLog(1 << 20)
        .open();
  }

  private static <K, V> void assertEqual(HMap<K, V> map, Map<K, V> model) {
    assertThat(map.mappingCount()).isEqualTo(model.size());
    assertThat(new HashMap<>(map)).isEqualTo(model);
    model.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
  }
}
