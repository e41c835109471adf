package dev.hmap.write;

import static dev.hmap.write.SmallWriter.NAMES;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.Limits;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * The one thread that writes a store takes what has come as a batch, and answers each caller when
 * its write is as durable as was promised; see {@link GroupCommitTest} for the way of a batch.
 */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class StoreWriterTest {
  private final WatchedFiles files = new WatchedFiles();
  private OpenedStore store;
  private StoreWriter writer;

  @BeforeEach
  void open() {
    SmallWriter.create(files, 0);
    store = Recovery.open(files, NAMES, true, null);
    writer = StoreWriter.start(store, SYNC, System::nanoTime);
  }

  @AfterEach
  void close() {
    files.watch(_ -> {});
    writer.close();
  }

  @Test
  void aWriteIsForcedAndAppliedWhenTheCallReturns() {
    Write write = put("a", "1");
    writer.execute(write);
    assertThat(write.outcome.changed).isTrue();
    assertThat(store.map().count()).isEqualTo(1);
    assertThat(writer.stats().forces()).isEqualTo(1);
    assertThat(writer.stats().writes().puts()).isEqualTo(1);
  }

  @Test
  void writesThatComeWhileTheLogIsForcedShareTheNextForce() throws InterruptedException {
    CountDownLatch forcing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    writer.execute(put("a", "1"));
    files.watch(call -> {
      if (call.equals("force")) {
        forcing.countDown();
        awaitUninterrupted(goOn);
      }
    });
    Write first = put("b", "2");
    writer.submit(first);
    forcing.await();
    List<Write> meanwhile = List.of(put("c", "3"), put("d", "4"), put("e", "5"));
    meanwhile.forEach(writer::submit);
    AtomicLong seen = new AtomicLong();
    Write after = Write.barrier();
    after.call = () -> seen.set(store.map().count());
    writer.submit(after);
    goOn.countDown();
    first.await(false);
    meanwhile.forEach(write -> write.await(false));
    after.await(false);
    assertThat(seen).hasValue(5); // what is asked of the writer keeps its place among the writes
    assertThat(writer.stats().forces()).isEqualTo(3); // of a, of b, and of all the others
  }

  @Test
  void afterAFailureEachCallerGetsItsCauseAndReadingGoesOn() {
    writer.execute(put("a", "1"));
    files.watch(_ -> {
      throw new IOException("Input/output error");
    });
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> writer.execute(put("b", "2")))
          .isInstanceOf(StoreFailedException.class)
          .hasRootCauseMessage("Input/output error");
      files.watch(_ -> {}); // nothing would fail any more, and yet nothing is tried again
    }
    assertThatThrownBy(writer::sync).isInstanceOf(StoreFailedException.class);
    assertThat(writer.stats().hmap().count()).isEqualTo(1);
  }

  @Test
  void aCheckpointHoldsWhatReturnedBefore() {
    writer.execute(put("a", "1"));
    writer.checkpoint();
    assertThat(Recovery.readHeader(files, NAMES).hmap().count()).isEqualTo(1);
    assertThat(writer.stats().checkpoints()).isEqualTo(1);
    assertThat(writer.stats().logBytes()).isZero();
  }

  @Test
  void closingLeavesAllInTheDataFileAndRefusesWhatComesAfter() throws IOException {
    writer.execute(put("a", "1"));
    writer.close();
    StoreHeader left = Recovery.readHeader(files, NAMES);
    assertThat(left.hmap().count()).isEqualTo(1);
    assertThat(left.hmap().hashWriting()).isFalse();
    assertThat(files.exists(NAMES.log())).isFalse();
    assertThatThrownBy(() -> writer.execute(put("b", "2")))
        .isInstanceOf(StoreClosedException.class)
        .hasMessage("/store.hmap is closed");
  }

  @Test
  void aCallerCarriesAShortWriteOutWhileTheWriterWaits() throws IOException {
    openAsync(TimeUnit.HOURS.toNanos(1));
    untilACallerWrites();
    long before = store.map().count();
    files.watch(_ -> {
      throw new IOException("a call of the system");
    });
    Write write = put("b", "2");
    while (!writer.isCarriedOut(write)) {
      Thread.onSpinWait(); // the writer looks after its own work
    }
    files.watch(_ -> {});
    assertThat(store.map().count()).isEqualTo(before + 1);
  }

  @Test
  void whatCallersWroteIsForcedWhenTheIntervalIsOver() throws Exception {
    openAsync(TimeUnit.MILLISECONDS.toNanos(1));
    untilACallerWrites();
    for (int round = 0; round < 5; round++) {
      CountDownLatch forced = new CountDownLatch(1);
      files.watch(call -> {
        if (call.equals("force")) {
          forced.countDown();
        }
      });
      untilACallerWrites();
      forced.await(); // though the writer was given nothing
    }
  }

  @Test
  void aWriteOfAFutureWaitsForTheOnesBefore() throws Exception {
    openAsync(TimeUnit.HOURS.toNanos(1));
    untilACallerWrites();
    CountDownLatch completing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Void> future = new CompletableFuture<>();
    Write first = put("b", "2");
    writer.completer().begin();
    first.onCompletion(
        writer.completer(),
        future,
        () -> {
          completing.countDown();
          Uninterruptibles.awaitUninterruptibly(goOn);
          future.complete(null);
        });
    writer.submit(first);
    completing.await();
    for (int i = 0; i < 1000; i++) {
      assertThat(writer.isCarriedOut(put("c", "3"))).isFalse();
    }
    Write awaited = put("d", "4");
    writer.execute(awaited); // which no future waits for
    assertThat(awaited.outcome.changed).isTrue();
    goOn.countDown();
    future.join();
    untilACallerWrites();
  }

  @Test
  void aCallerDoesNotGoBeforeWhatItHadSubmitted() {
    openAsync(TimeUnit.HOURS.toNanos(1));
    untilACallerWrites();
    for (int round = 0; round < 300; round++) {
      Write first = put("key " + round, "1");
      Write second = put("key " + round, "2");
      writer.submit(first);
      writer.execute(second);
      assertThat(second.outcome.wasPresent).isTrue();
      writer.stats(); // all is complete
      LockSupport.parkNanos(100_000); // and the writer is parked, so that the first one wakes it
    }
  }

  @Test
  void roomThatACallerHadAheadIsNotCountedOnAfterTheWriterDidSomething() {
    openAsync(TimeUnit.HOURS.toNanos(1));
    for (int i = 0; i < 2000; i++) {
      writer.execute(put("key " + i, "")); // so the map does not double soon
    }
    for (int round = 0; round < 100; round++) {
      setLimits(Limits.FORMAT);
      untilACallerWrites();
      setLimits(new Limits(1000, 1, 1000));
      assertThatThrownBy(() -> writer.execute(put("another", "")))
          .isInstanceOf(StoreFullException.class);
    }
    setLimits(Limits.FORMAT);
  }

  private void setLimits(Limits limits) {
    Write write = Write.barrier();
    write.call = () -> store.space().setLimits(limits);
    writer.execute(write);
  }

  private void openAsync(long intervalNanos) {
    writer.close();
    store = Recovery.open(files, NAMES, true, null);
    WriterOptions options = SmallWriter.options(false, intervalNanos, 1 << 20);
    writer = StoreWriter.start(store, options, System::nanoTime);
    writer.execute(put("first", ""));
  }

  /** What a caller needs is made when the writer is idle for the first time. */
  private void untilACallerWrites() {
    while (!writer.isCarriedOut(put("a", "1"))) {
      Thread.onSpinWait();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
