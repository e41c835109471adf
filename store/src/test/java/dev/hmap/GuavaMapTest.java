package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.Helpers;
import com.google.common.collect.testing.SampleElements;
import com.google.common.collect.testing.TestMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import com.google.common.collect.testing.testers.MapToStringTester;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guava's tests of what {@link ConcurrentMap} promises: each on cleared stores that a test before
 * it has used, or on new ones that are reopened.
 */
@Tag("verify")
@Tag("promise:map")
class GuavaMapTest {
  /** Expects two iterations to go in the same order, which is no promise of a map's. */
  private static final Method TWO_ITERATIONS =
      Helpers.getMethod(MapToStringTester.class, "testToString_formatting");

  @TempDir(factory = FastFolder.class)
  Path folder;

  private int stores;
  private final Set<HMap<?, ?>> open = Collections.newSetFromMap(new IdentityHashMap<>());

  @TestFactory
  Stream<DynamicNode> fixedWidth() {
    return suite("long to int", new Longs(), CollectionSize.ANY);
  }

  @TestFactory
  Stream<DynamicNode> variableWidth() {
    return suite("string to string", new Strings(Codec.STRING, false), CollectionSize.ANY);
  }

  @TestFactory
  Stream<DynamicNode> encrypted() {
    return suite(
        "string to encrypted string",
        new Strings(new EncryptingCodec<>(Codec.STRING), false),
        CollectionSize.ANY);
  }

  @TestFactory
  Stream<DynamicNode> reopenedBetweenOperations() {
    return suite(
        "string to string, reopened", new Strings(Codec.STRING, true), CollectionSize.SEVERAL);
  }

  private <K, V> Stream<DynamicNode> suite(
      String name, Generator<K, V> generator, CollectionSize sizes) {
    TestSuite suite =
        ConcurrentMapTestSuiteBuilder.using(generator)
            .named(name)
            .withFeatures(
                sizes, MapFeature.GENERAL_PURPOSE, CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .suppressing(TWO_ITERATIONS)
            .withTearDown(generator::giveBack)
            .createTestSuite();
    System.out.printf("guava: %s, %,d tests%n", name, suite.countTestCases());
    return nodes(suite);
  }

  private static Stream<DynamicNode> nodes(TestSuite suite) {
    List<DynamicNode> nodes = new ArrayList<>();
    for (Enumeration<Test> tests = suite.tests(); tests.hasMoreElements(); ) {
      Test test = tests.nextElement();
      if (test instanceof TestSuite inner) {
        nodes.add(DynamicContainer.dynamicContainer(inner.getName(), nodes(inner)));
      } else {
        nodes.add(DynamicTest.dynamicTest(((TestCase) test).getName(), () -> run(test)));
      }
    }
    return nodes.stream();
  }

  private static void run(Test test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    for (Enumeration<TestFailure> all = result.errors(); all.hasMoreElements(); ) {
      throw all.nextElement().thrownException();
    }
    for (Enumeration<TestFailure> all = result.failures(); all.hasMoreElements(); ) {
      throw all.nextElement().thrownException();
    }
    assertThat(result.runCount()).isEqualTo(1);
  }

  @AfterEach
  void closeAll() {
    open.forEach(HMap::close);
    open.clear();
  }

  private <K, V> HMap<K, V> open(Path path, Codec<K> keys, Codec<V> values) {
    HMap<K, V> map = HMap.at(path, keys, values).durability(Durability.ASYNC).open();
    open.add(map);
    return map;
  }

  private Path newPath() {
    return folder.resolve(stores++ + ".hmap");
  }

  private abstract static class Generator<K, V> implements TestMapGenerator<K, V> {
    private final Deque<ConcurrentMap<K, V>> free = new ArrayDeque<>();
    private final List<ConcurrentMap<K, V>> taken = new ArrayList<>();

    /** A map of a new store. */
    abstract ConcurrentMap<K, V> create();

    private ConcurrentMap<K, V> take() {
      ConcurrentMap<K, V> map = free.isEmpty() ? create() : free.pop();
      taken.add(map);
      map.clear();
      return map;
    }

    /** The test is over. */
    final void giveBack() {
      free.addAll(taken);
      taken.clear();
    }

    abstract K key(int i);

    abstract V value(int i);

    @Override
    public SampleElements<Map.Entry<K, V>> samples() {
      return new SampleElements<>(entry(0), entry(1), entry(2), entry(3), entry(4));
    }

    private Map.Entry<K, V> entry(int i) {
      return Helpers.mapEntry(key(i), value(i));
    }

    @Override
    @SuppressWarnings("unchecked") // the elements are those of samples()
    public Map<K, V> create(Object... elements) {
      ConcurrentMap<K, V> map = take();
      for (Object element : elements) {
        Map.Entry<K, V> entry = (Map.Entry<K, V>) element;
        map.put(entry.getKey(), entry.getValue());
      }
      return map;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Map.Entry<K, V>[] createArray(int length) {
      return new Map.Entry[length];
    }

    @Override
    public Iterable<Map.Entry<K, V>> order(List<Map.Entry<K, V>> insertionOrder) {
      return insertionOrder;
    }
  }

  private final class Longs extends Generator<Long, Integer> {
    @Override
    ConcurrentMap<Long, Integer> create() {
      return open(newPath(), Codec.LONG, Codec.INT);
    }

    @Override
    Long key(int i) {
      return i * 1_000_000_007L;
    }

    @Override
    Integer value(int i) {
      return i - 2;
    }

    @Override
    public Long[] createKeyArray(int length) {
      return new Long[length];
    }

    @Override
    public Integer[] createValueArray(int length) {
      return new Integer[length];
    }
  }

  private final class Strings extends Generator<String, String> {
    private final Codec<String> values;
    private final boolean isReopened;

    Strings(Codec<String> values, boolean isReopened) {
      this.values = values;
      this.isReopened = isReopened;
    }

    @Override
    ConcurrentMap<String, String> create() {
      return isReopened
          ? new ReopenedMap<>(newPath(), Codec.STRING, values)
          : open(newPath(), Codec.STRING, values);
    }

    @Override
    String key(int i) {
      return "key " + i;
    }

    @Override
    String value(int i) {
      return "v".repeat(i * 100);
    }

    @Override
    public String[] createKeyArray(int length) {
      return new String[length];
    }

    @Override
    public String[] createValueArray(int length) {
      return new String[length];
    }
  }

  /** A store that is closed and opened between a write and what follows; its views are copies. */
  private final class ReopenedMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
    private final Path path;
    private final Codec<K> keys;
    private final Codec<V> values;
    private HMap<K, V> last;
    private boolean isWritten;

    ReopenedMap(Path path, Codec<K> keys, Codec<V> values) {
      this.path = path;
      this.keys = keys;
      this.values = values;
      last = open(path, keys, values);
    }

    private HMap<K, V> toRead() {
      if (isWritten) {
        last.close();
        open.remove(last);
        last = open(path, keys, values);
        isWritten = false;
      }
      return last;
    }

    private HMap<K, V> toWrite() {
      HMap<K, V> map = toRead();
      isWritten = true;
      return map;
    }

    @Override
    public V get(Object key) {
      return toRead().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
      return toRead().containsKey(key);
    }

    @Override
    public boolean containsValue(Object value) {
      return toRead().containsValue(value);
    }

    @Override
    public V put(K key, V value) {
      return toWrite().put(key, value);
    }

    @Override
    public V putIfAbsent(K key, V value) {
      return toWrite().putIfAbsent(key, value);
    }

    @Override
    public V replace(K key, V value) {
      return toWrite().replace(key, value);
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
      return toWrite().replace(key, oldValue, newValue);
    }

    @Override
    public V remove(Object key) {
      return toWrite().remove(key);
    }

    @Override
    public boolean remove(Object key, Object value) {
      return toWrite().remove(key, value);
    }

    @Override
    public void clear() {
      toWrite().clear();
    }

    @Override
    public int size() {
      return toRead().size();
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
          return new Entries();
        }

        @Override
        public int size() {
          return ReopenedMap.this.size();
        }

        @Override
        public boolean contains(Object o) {
          return toRead().entrySet().contains(o);
        }

        @Override
        public boolean remove(Object o) {
          return toWrite().entrySet().remove(o);
        }
      };
    }

    private final class Entries implements Iterator<Map.Entry<K, V>> {
      private final Iterator<Map.Entry<K, V>> all = List.copyOf(toRead().entrySet()).iterator();
      private K key;

      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public Map.Entry<K, V> next() {
        Map.Entry<K, V> next = all.next();
        key = next.getKey();
        return new SimpleEntry<>(next) {
          private static final long serialVersionUID = 1L;

          @Override
          public V setValue(V value) {
            ReopenedMap.this.put(getKey(), value);
            return super.setValue(value);
          }
        };
      }

      @Override
      public void remove() {
        if (key == null) {
          throw new IllegalStateException();
        }
        ReopenedMap.this.remove(key);
        key = null;
      }
    }
  }
}
