package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is the user's may throw anything, block, recurse, and call the map: nobody else waits. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("promise:8")
@Tag("promise:callbacks")
@Isolated("it listens to what the library logs")
@Tag("verify")
class CallbackTest {
  @TempDir Path folder;

  /** Thrown though nobody declares it. */
  private static final class Undeclared extends Exception {
    private static final long serialVersionUID = 1L;
  }

  @SuppressWarnings("unchecked") // no cast is made
  private static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }

  private HMap<Long, String> open() {
    return Work.at(folder.resolve("store")).open();
  }

  // ------------------------------------------------- loggers

  /** Ends what blocks. */
  private static volatile CompletableFuture<Boolean> release = new CompletableFuture<>();

  /** What a handler of the application's logger does. */
  enum Logging {
    THROWS {
      @Override
      void publish(HMap<Long, String> map) {
        throw new IllegalStateException("no log today");
      }
    },
    FAILS {
      @Override
      void publish(HMap<Long, String> map) {
        throw new StackOverflowError();
      }
    },
    THROWS_UNDECLARED {
      @Override
      void publish(HMap<Long, String> map) {
        CallbackTest.<RuntimeException>sneak(new Undeclared());
      }
    },
    WRITES_TO_THE_MAP {
      @Override
      void publish(HMap<Long, String> map) {
        map.put(-1L, "logged");
      }
    },
    CHECKPOINTS {
      @Override
      void publish(HMap<Long, String> map) {
        map.checkpoint();
      }
    },
    BLOCKS {
      @Override
      void publish(HMap<Long, String> map) {
        release.join();
      }
    };

    abstract void publish(HMap<Long, String> map);
  }

  @ParameterizedTest
  @EnumSource
  void aLoggerThatMisbehavesStopsTheWriter(Logging logging) throws IOException {
    release = new CompletableFuture<>();
    CountDownLatch published = new CountDownLatch(1);
    Logger logger = Logger.getLogger("dev.hmap");
    try (HMap<Long, String> map = open()) {
      Handler handler =
          new Handler() {
            @Override
            public void publish(LogRecord line) {
              published.countDown();
              logging.publish(map);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
      logger.addHandler(handler);
      try {
        map.put(1L, "a");
        Files.delete(StoreFiles.log(folder.resolve("store")));
        map.checkpoint(); // warns
        map.put(2L, "b");
        assertThat(map.putAsync(3L, "c").join()).isNull();
        assertThat(map.stats().count()).isGreaterThanOrEqualTo(3);
        map.checkpoint();
        assertThat(published.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        logger.removeHandler(handler);
        release.complete(true);
      }
    }
    try (HMap<Long, String> map = open()) {
      assertThat(map).containsKeys(1L, 2L, 3L);
    }
  }

  // ------------------------------------------------- completions

  @Test
  void aDecodeThatThrowsAnUndeclaredExceptionHoldsUpAllFutures() throws InterruptedException {
    Undeclared thrown = new Undeclared();
    Codec<String> codec =
        new Plain() {
          @Override
          public String decode(byte[] bytes, int offset, int length) {
            String value = super.decode(bytes, offset, length);
            if (value.equals("bad")) {
              CallbackTest.<RuntimeException>sneak(thrown);
            }
            return value;
          }
        };
    try (HMap<Long, String> map = HMap.open(folder.resolve("store"), Codec.LONG, codec)) {
      map.put(1L, "bad");
      map.put(2L, "good");
      CompletableFuture<String> bad = map.putAsync(1L, "x");
      CompletableFuture<String> good = map.putAsync(2L, "y");
      assertThat(good.join()).isEqualTo("good");
      assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class).hasCause(thrown);
      assertThat(map.get(1L)).isEqualTo("x");
    }
  }

  @Test
  void aCompletionThatThrowsHoldsUpAllFutures() {
    try (HMap<Long, String> map = open()) {
      CompletableFuture<Void> hung =
          map.putAsync(1L, "a")
              .thenRun(() -> {
                throw new StackOverflowError();
              });
      assertThat(map.putAsync(2L, "b").join()).isNull();
      assertThatThrownBy(hung::join).hasCauseInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void aCompletionThatWaitsForAnotherWaitsForEver() {
    try (HMap<Long, String> map = open()) {
      List<CompletableFuture<String>> hung = new ArrayList<>();
      for (long i = 1; i < 20; i++) {
        long key = i;
        hung.add(
            map.putAsync(key, "a")
                .thenApply(_ -> {
                  String before = map.putAsync(key, "b").join();
                  CompletableFuture.allOf(map.removeAsync(-key)).join();
                  return before;
                }));
      }
      for (CompletableFuture<String> future : hung) {
        assertThat(future.join()).isEqualTo("a");
      }
    }
  }

  @Test
  void aCompletionThatBlocksHoldsUpTheOthersAlsoAfterClose() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<CompletableFuture<String>> others = new ArrayList<>();
    HMap<Long, String> map = open();
    List<CompletableFuture<Void>> blocked = new ArrayList<>();
    for (long i = 0; i < 5; i++) {
      blocked.add(
          map.putAsync(i, "a")
              .thenRun(() -> {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }));
      others.add(map.putAsync(10 + i, "b"));
    }
    map.close();
    for (CompletableFuture<String> other : others) {
      assertThat(other.join()).isNull();
    }
    release.countDown();
    for (CompletableFuture<Void> one : blocked) {
      one.join();
    }
  }

  @Test
  void aCompletionThatClosesTheMapWaitsForItself() {
    HMap<Long, String> map = open();
    CompletableFuture<Void> closed = map.putAsync(1L, "a").thenRun(map::close);
    closed.join();
    map.close();
    try (HMap<Long, String> again = open()) {
      assertThat(again).containsEntry(1L, "a");
    }
  }

  @Test
  void aFunctionThatWritesToTheMapItReadsIsCalledForEver() {
    try (HMap<Long, String> map = open()) {
      map.put(1L, "a");
      long[] calls = new long[1];
      Long bytes =
          map.read(
              1L,
              segment -> {
                calls[0]++;
                map.put(1L, "b" + calls[0]);
                return segment.byteSize();
              });
      assertThat(bytes).isPositive();
      assertThat(calls[0]).isLessThan(100);
    }
  }

  @Test
  void aRemappingFunctionMayUseTheMap() {
    try (HMap<Long, String> map = open()) {
      map.put(1L, "a");
      assertThat(
              map.merge(
                  1L,
                  "b",
                  (a, b) -> {
                    map.put(2L, a + b);
                    return map.get(2L);
                  }))
          .isEqualTo("ab");
      assertThat(map).hasSize(2).containsEntry(1L, "ab");
    }
  }

  @Test
  void aFunctionThatWritesItsOwnKeyIsComputedForEver() {
    try (HMap<Long, String> map = open()) {
      map.put(1L, "a");
      assertThatThrownBy(() ->
              map.compute(
                  1L,
                  (key, value) -> {
                    map.put(key, value + "b");
                    return "c";
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does its function write it");
    }
  }

  @Test
  void anEmptyBatchIsCompleteBeforeThePutBeforeIt() {
    try (HMap<Long, String> map = open()) {
      for (long i = 0; i < 200; i++) {
        CompletableFuture<String> put = map.putAsync(i, "a");
        map.writeAsync(_ -> {}).join();
        assertThat(put).isDone();
      }
    }
  }

  @Test
  void aSlowDecodeIsOvertaken() {
    String large = "x".repeat(8 << 20);
    try (HMap<Long, String> map = open()) {
      for (int i = 0; i < 10; i++) {
        map.put(1L, large);
        CompletableFuture<String> slow = map.putAsync(1L, "a");
        map.putAsync(2L, "b").join();
        assertThat(slow).isDone();
      }
    }
  }

  @Test
  void whatTheFunctionOfReadThrowsIsTakenForDamage() {
    try (HMap<Long, String> map = open()) {
      map.put(1L, "a");
      InternalError own = new InternalError("of a user");
      assertThatThrownBy(() ->
              map.read(
                  1L,
                  _ -> {
                    throw own;
                  }))
          .isSameAs(own);
      assertThatThrownBy(() ->
              HMapAdmin.backup(
                  folder.resolve("store"),
                  folder.resolve("copy"),
                  _ -> CallbackTest.<RuntimeException>sneak(new Undeclared())))
          .isInstanceOf(Undeclared.class);
      assertThat(folder.resolve("copy")).doesNotExist();
    }
  }

  @Test
  void aBatchThatWasCutOffForgetsWhatItHolds() {
    try (HMap<Long, String> map = open()) {
      map.write(batch -> {
        for (long i = 0; i < 200; i++) {
          batch.put(i, "staged");
        }
        deep(() -> assertThat(batch.get(7L)).isEqualTo("staged"));
        for (long i = 0; i < 200; i++) {
          assertThat(batch.get(i)).isEqualTo("staged");
        }
      });
    }
  }

  /** Calls at the end of the stack, and then in each frame above until it returns. */
  @SuppressWarnings("InfiniteRecursion") // until the stack is full
  private static boolean deep(Runnable call) {
    try {
      if (deep(call)) {
        return true;
      }
      call.run();
      return true;
    } catch (StackOverflowError _) {
      return false;
    }
  }

  // ------------------------------------------------- codecs

  /** Text, by a codec of one's own. */
  private static class Plain implements Codec<String> {
    @Override
    public String shape() {
      return "plain";
    }

    @Override
    public byte[] encode(String value) {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes, int offset, int length) {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
  }

  /** Opens its map when it is loaded, with a codec that needs it loaded. */
  private static final class Holder {
    static final HMap<Long, String> MAP = HMap.open(path(), Codec.LONG, new Own());

    private static Path path() {
      return Path.of(System.getProperty("dev.hmap.edge.holder"));
    }

    private static final class Own extends Plain {
      @Override
      public String shape() {
        return Holder.shape();
      }

      @Override
      public int width() {
        return Holder.shape().length() - 5;
      }
    }

    static String shape() {
      return "owned";
    }
  }

  @Test
  void aMapOpenedByAStaticFieldOfTheClassItsCodecUsesIsNeverOpen() {
    System.setProperty("dev.hmap.edge.holder", folder.resolve("store").toString());
    try (HMap<Long, String> map = Holder.MAP) {
      map.put(1L, "a");
      assertThat(map).containsEntry(1L, "a");
    } finally {
      System.clearProperty("dev.hmap.edge.holder");
    }
  }

  @Test
  void aShapeThatThrowsLeavesTheStoreLocked() {
    Codec<String> codec =
        new Plain() {
          @Override
          public String shape() {
            throw new IllegalStateException("no shape");
          }
        };
    Path path = folder.resolve("store");
    assertThatThrownBy(() -> HMap.open(path, Codec.LONG, codec)).hasMessage("no shape");
    assertThat(path).doesNotExist();
    open().close();
  }
}
