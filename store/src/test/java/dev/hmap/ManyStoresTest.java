package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Hundreds of stores in one process: what each costs while open, and that nothing is left of it.
 */
@Isolated("it counts what this process holds")
@Tag("verify")
@Timeout(120)
@EnabledOnOs(OS.LINUX) // which tells a process what it holds
@Tag("promise:stores")
class ManyStoresTest {
  private static final int STORES = 300;
  private static final int ENTRIES = 50;
  private static final int OPENINGS = 2;

  /** README.md says some 60 KB. */
  private static final long HEAP_BYTES_PER_STORE = 96 << 10;

  /** Of direct buffers. */
  private static final long DIRECT_BYTES_PER_STORE = 32 << 10;

  private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);
  private static final double IDLE_PROCESSOR_SHARE = 0.05;

  private static final Cleaner CLEANER = Cleaner.create();

  @TempDir Path folder;
  private final List<HMap<Long, String>> open = new ArrayList<>();

  @AfterEach
  void closeAll() {
    open.forEach(HMap::close);
  }

  private static HMapBuilder<Long, String> at(Path path) {
    return HMap.at(path, Codec.LONG, Codec.STRING).durability(Durability.ASYNC);
  }

  @Test
  void anOpenStoreCostsLittleAndAnIdleOneNoTime() throws Exception {
    long heapBefore = liveHeapBytes();
    long directBefore = directBytes();
    for (int round = 0; round < OPENINGS; round++) {
      for (int i = 0; i < STORES; i++) {
        HMap<Long, String> map = at(folder.resolve("s" + i + ".hmap")).open();
        open.add(map);
        assertThat(map).hasSize(round * ENTRIES);
        for (int key = round * ENTRIES; key < (round + 1) * ENTRIES; key++) {
          map.put((long) key, "value " + i + " of " + key);
        }
      }
      for (int i = 0; i < STORES; i++) {
        HMap<Long, String> map = open.get(i);
        map.checkpoint();
        for (int key = 0; key < (round + 1) * ENTRIES; key++) {
          assertThat(map.get((long) key)).isEqualTo("value " + i + " of " + key);
        }
      }
      long heap = (liveHeapBytes() - heapBefore) / STORES;
      long direct = (directBytes() - directBefore) / STORES;
      double share = processorShareOfWriters();
      System.out.printf(
          "many stores: %,d bytes of heap and %,d of direct buffers for each of %d; together they"
              + " use %.2f%% of a processor when idle%n",
          heap, direct, STORES, 100 * share);
      assertThat(heap).isLessThan(HEAP_BYTES_PER_STORE);
      assertThat(direct).isLessThan(DIRECT_BYTES_PER_STORE);
      assertThat(share).isLessThan(IDLE_PROCESSOR_SHARE);

      open.forEach(HMap::close);
      open.forEach(HMap::close);
      assertNothingIsLeft(folder);
      open.clear();
    }
    assertThat(liveHeapBytes() - heapBefore).as("of heap kept").isLessThan(1 << 20);
    assertThat(directBytes() - directBefore).as("of direct buffers kept").isLessThan(1 << 20);
  }

  @Test
  void readersLeaveNothingEither() throws Exception {
    Path path = Files.createDirectory(folder.resolve("sub")).resolve("store.hmap");
    try (HMap<Long, String> writer = at(path).open()) {
      writer.put(1L, "one");
      for (int i = 0; i < STORES; i++) {
        HMap<Long, String> reader = at(path).readOnly().open();
        open.add(reader);
        assertThat(reader).containsOnly(Map.entry(1L, "one"));
      }
      writer.put(2L, "two");
      long heapBefore = liveHeapBytes();
      for (HMap<Long, String> reader : open) {
        reader.refresh();
        assertThat(reader).hasSize(2);
      }
      System.out.printf(
          "many stores: %,d bytes of heap more for each of %d readers that were refreshed%n",
          (liveHeapBytes() - heapBefore) / STORES, STORES);
      open.forEach(HMap::close);
      open.forEach(HMap::close);
      open.clear();
    }
    awaitUnmapped(path.getParent());
    assertNothingIsLeft(path.getParent());
    TestFiles.deleteTree(path.getParent());
  }

  @Test
  void aStoreCanBeOpenedAndDeletedAgainAndAgain() throws Exception {
    for (int i = 0; i < STORES; i++) {
      Path sub = Files.createDirectory(folder.resolve("sub"));
      try (HMap<Long, String> map = at(sub.resolve("store.hmap")).open()) {
        assertThat(map.put((long) i, "value")).isNull();
      }
      assertThat(TestFiles.names(sub)).containsExactly("store.hmap");
      assertNothingIsLeft(sub);
      TestFiles.deleteTree(sub);
    }
  }

  /** What was only read is unmapped by the collector. */
  private static void awaitUnmapped(Path folder) throws IOException {
    String real = folder.toRealPath().toString();
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (Files.readAllLines(Path.of("/proc/self/maps")).stream().anyMatch(l -> l.contains(real))
        && System.nanoTime() < giveUp) {
      System.gc();
    }
  }

  /** No file of a folder is open or mapped, and no thread of a store there is alive. */
  private static void assertNothingIsLeft(Path folder) throws IOException {
    String real = folder.toRealPath().toString();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .as("mappings")
        .noneMatch(line -> line.contains(real));
    assertThat(descriptors()).as("descriptors").noneMatch(file -> file.startsWith(real));
    assertThat(threads()).as("threads").isEmpty();
  }

  private static List<String> descriptors() throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        try {
          files.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // was the listing's own
        }
      }
    }
    return files;
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("hmap-"))
        .collect(Collectors.toList());
  }

  /** Processor time of all writers in a second in which nobody asks anything of them. */
  private double processorShareOfWriters() throws InterruptedException {
    open.forEach(HMap::sync); // or a force would be due within the second
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    long[] ids = threads().stream().mapToLong(Thread::threadId).toArray();
    assertThat(ids).hasSizeGreaterThanOrEqualTo(STORES);
    LongSupplier used =
        () -> {
          long sum = 0;
          for (long id : ids) {
            sum += Math.max(0, bean.getThreadCpuTime(id)); // -1 if it has ended
          }
          return sum;
        };
    long before = used.getAsLong();
    long start = System.nanoTime();
    assertThat(new CountDownLatch(1).await(1, TimeUnit.SECONDS)).isFalse();
    return (double) (used.getAsLong() - before) / (System.nanoTime() - start);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Collects garbage, and waits until a cleaner has seen it. */
  private static void collectGarbage() throws InterruptedException {
    CountDownLatch cleaned = new CountDownLatch(1);
    var _ = CLEANER.register(new Object(), cleaned::countDown);
    do {
      System.gc();
    } while (!cleaned.await(10, TimeUnit.MILLISECONDS));
  }

  /** Bytes of the objects that can be reached, counted by the collector. */
  private static long liveHeapBytes() throws Exception {
    for (int i = 0;
        i < 2;
        i++) { // what the first lets go of, the cleaners have freed by the second
      collectGarbage();
    }
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Matcher total = TOTAL.matcher(histogram);
    assertThat(total.find()).isTrue();
    return Long.parseLong(total.group(1));
  }
}
