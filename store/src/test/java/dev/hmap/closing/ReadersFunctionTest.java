package dev.hmap.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.LeavesDamage;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreCorruptException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the function of {@code read} holds and throws while its store is closed, or changed. */
@Timeout(60)
@Tag("promise:closing")
class ReadersFunctionTest {
  private static final long KEY = 7;
  private static final int BYTES = 1 << 20; // more than a pipe takes
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  @TempDir Path folder;
  private Path path;
  private HMap<Long, byte[]> map;

  @BeforeEach
  void open() {
    path = folder.resolve("s.hmap");
    map = HMap.open(path, Codec.LONG, Codec.BYTES);
    map.put(KEY, filled(1));
  }

  private static byte[] filled(int with) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  @Test
  void closeFailsWhileAReaderWorksOnAByteBuffer() throws Exception {
    Pipe pipe = Pipe.open();
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Pipe.SourceChannel out = pipe.source()) {
      Future<?> reader = thread.submit(() -> map.read(KEY, value -> send(value, pipe)));
      out.read(ByteBuffer.allocate(1)); // it is in the middle, and stays there

      map.close();

      while (out.read(ByteBuffer.allocate(BYTES)) >= 0) {
        // until it has sent all
      }
      assertThatThrownBy(reader::get).hasCauseInstanceOf(StoreClosedException.class);
    }
    assertThat(names()).containsExactly("s.hmap");
    try (HMap<Long, byte[]> again = HMap.open(path, Codec.LONG, Codec.BYTES)) {
      assertThat(again.get(KEY)).isEqualTo(filled(1));
    }
  }

  private static long send(MemorySegment value, Pipe pipe) {
    try (Pipe.SinkChannel in = pipe.sink()) {
      return in.write(value.asByteBuffer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFileOfAClosedStoreStaysMappedWhileAReaderHoldsIt() throws Exception {
    assumeThat(MAPPINGS).exists();
    CountDownLatch isClosed = new CountDownLatch(1);
    CountDownLatch isReading = new CountDownLatch(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      AtomicInteger seen = new AtomicInteger(-1);
      Future<?> reader =
          thread.submit(() ->
              map.read(
                  KEY,
                  value -> {
                    isReading.countDown();
                    await(isClosed);
                    seen.set(value.get(ValueLayout.JAVA_BYTE, BYTES - 1));
                    return true;
                  }));
      isReading.await();
      assertThat(Files.readAllLines(MAPPINGS)).anyMatch(line -> line.endsWith(path.toString()));

      map.close();

      assertThat(Files.readAllLines(MAPPINGS)).noneMatch(line -> line.endsWith(path.toString()));
      isClosed.countDown();
      assertThatThrownBy(reader::get).hasCauseInstanceOf(StoreClosedException.class);
      assertThat(seen).hasValue(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anErrorOnHalfAChangeReachesTheCaller() {
    for (Error thrown : List.of(new AssertionError("torn"), new InternalError("torn"))) {
      map.put(KEY, filled(1));
      assertThat(map.<Byte>read(KEY, value -> firstIfWhole(value, thrown))).isEqualTo((byte) 2);
    }
    map.close();
  }

  /** Has the value change after it has seen the half. */
  private byte firstIfWhole(MemorySegment value, Error otherwise) {
    byte first = value.get(ValueLayout.JAVA_BYTE, 0);
    if (first == 1) {
      map.put(KEY, filled(2));
    }
    if (value.get(ValueLayout.JAVA_BYTE, BYTES - 1) != first || first == 1) {
      throw otherwise;
    }
    return first;
  }

  @Test
  void anErrorOnAWholeValueIsKeptFromTheCaller() {
    AssertionError thrown = new AssertionError("as it should be");
    assertThatThrownBy(() ->
            map.read(
                KEY,
                _ -> {
                  throw thrown;
                }))
        .isSameAs(thrown);
    map.close();
  }

  @Test
  @LeavesDamage("truncated while it is read")
  void aFaultOfMemoryInTheFunctionIsNotToldAsDamage() throws IOException {
    map.close();
    map = HMap.at(path, Codec.LONG, Codec.BYTES).readOnly().open();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() - BYTES * 3 / 2); // in the value, which has the last 2 MiB
    }
    assertThatThrownBy(() -> map.read(KEY, value -> sum(value)))
        .isInstanceOf(StoreCorruptException.class);
    map.close();
  }

  private static long sum(MemorySegment value) {
    long sum = 0;
    for (long i = 0; i < value.byteSize(); i++) {
      sum += value.get(ValueLayout.JAVA_BYTE, i);
    }
    return sum;
  }
}
