package dev.hmap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What no engine can beat here: reads at random places of as many bytes as the entries have, each
 * place known only from the read before (as in a chain) or from the start; appending entries to a
 * file that is forced after each batch; and waiting for another thread.
 */
final class LimitsStage {
  private static final int AT_ONCE = 1000;

  private final Trial trial;
  private final Place place;
  private final Settings settings;
  private final Consumer<Figure> figures;

  LimitsStage(Trial trial, Place place, Settings settings, Consumer<Figure> figures) {
    this.trial = trial;
    this.place = place;
    this.settings = settings;
    this.figures = figures;
  }

  void run() {
    if (settings.has(Workload.MEMORY_READS)) {
      memoryReads();
    }
    if (settings.has(Workload.FORCES)) {
      forces();
    }
    if (settings.has(Workload.HAND_OVER)) {
      handOver();
    }
  }

  private void memoryReads() {
    try (Arena arena = Arena.ofShared()) {
      long longs = trial.dataBytes() / Long.BYTES;
      MemorySegment memory = arena.allocate(longs * Long.BYTES, Long.BYTES);
      for (long i = 0; i < longs; i++) {
        memory.setAtIndex(ValueLayout.JAVA_LONG, i, Mix.of(i));
      }
      read("memory-dependent", (random, n) -> dependent(memory, longs, random, n));
      read("memory-independent", (random, n) -> independent(memory, longs, random, n));
    }
  }

  private void read(String name, Timed.Work work) {
    double perSecond = Timed.perSecond(settings.seconds(), AT_ONCE, work);
    figures.accept(new Figure(name, Workload.GET_HIT.label(), Unit.NS, 1e9 / perSecond));
  }

  private static long dependent(MemorySegment memory, long longs, Mix random, int operations) {
    long last = random.below(longs);
    for (int i = 0; i < operations; i++) {
      // the count is mixed in, or it would soon go round in a circle
      long at = Math.unsignedMultiplyHigh(Mix.of(last + i), longs);
      last = memory.getAtIndex(ValueLayout.JAVA_LONG, at);
    }
    return last;
  }

  private static long independent(MemorySegment memory, long longs, Mix random, int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      sum += memory.getAtIndex(ValueLayout.JAVA_LONG, random.below(longs));
    }
    return sum;
  }

  private void forces() {
    for (int batch : settings.callers()) {
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) (batch * trial.shape().entryBytes()));
      try (FileChannel file =
          FileChannel.open(
              place.file("append-" + batch), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        double perSecond = Timed.perSecond(settings.seconds(), 1, (_, n) -> append(file, bytes, n));
        figures.accept(
            new Figure(
                "append-force", DurableStage.metric(batch), Unit.PER_SECOND, perSecond * batch));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What is handed over: who waits for it. */
  private static final class Handed {
    final Thread waiting = Thread.currentThread();
    volatile boolean isTaken;
  }

  /** As durable puts come in, from virtual threads. */
  private void handOver() {
    Queue<Handed> queue = new ConcurrentLinkedQueue<>();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread taker = Thread.ofPlatform().daemon().start(() -> take(queue, isOver));
    Timed.Work work =
        (_, operations) -> {
          for (int i = 0; i < operations; i++) {
            Handed handed = new Handed();
            queue.add(handed);
            LockSupport.unpark(taker);
            while (!handed.isTaken) {
              LockSupport.park(handed);
            }
          }
          return operations;
        };
    ThreadFactory factory = Thread.ofVirtual().factory();
    for (int callers : settings.callers()) {
      double perSecond = Timed.perSecond(settings.seconds(), 1, callers, factory, work);
      figures.accept(
          new Figure("hand-over", DurableStage.metric(callers), Unit.PER_SECOND, perSecond));
    }
    isOver.set(true);
    LockSupport.unpark(taker);
  }

  private static void take(Queue<Handed> queue, AtomicBoolean isOver) {
    while (!isOver.get()) {
      Handed handed = queue.poll();
      if (handed == null) {
        LockSupport.park(queue);
      } else {
        handed.isTaken = true;
        LockSupport.unpark(handed.waiting);
      }
    }
  }

  private static long append(FileChannel file, ByteBuffer bytes, int operations) {
    try {
      for (int i = 0; i < operations; i++) {
        bytes.clear();
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(false);
      }
      return file.position();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
