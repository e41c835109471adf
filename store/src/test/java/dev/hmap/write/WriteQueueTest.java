package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreClosedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The queue hands writes to the writer's thread in the order in which they were added. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class WriteQueueTest {
  private static final Refusal CLOSED = () -> new StoreClosedException("closed");

  private final List<Write> taken = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();
  private final WriteQueue queue = new WriteQueue(new Taker(), () -> Long.MAX_VALUE);

  private final class Taker implements WriteQueue.Handler {
    @Override
    public void onEvent(WriteSlot slot, long sequence, boolean endOfBatch) {
      Write write = slot.take();
      taken.add(write);
      ends.add(endOfBatch);
      write.succeed();
    }

    @Override
    public void handleEventException(Throwable e, long sequence, WriteSlot slot) {
      throw new IllegalStateException(e);
    }

    @Override
    public void handleOnStartException(Throwable e) {
      throw new IllegalStateException(e);
    }

    @Override
    public void handleOnShutdownException(Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private Thread startWriter() {
    return Thread.ofPlatform().daemon().start(queue.processor());
  }

  private void end(Thread writer) throws InterruptedException {
    queue.end(CLOSED);
    writer.join();
  }

  @Test
  void whatHasComeIsTakenInItsOrderAndAsOneBatch() throws InterruptedException {
    List<Write> writes = List.of(new Write(), new Write(), new Write());
    writes.forEach(write -> assertThat(queue.add(write)).isTrue());
    assertThat(queue.isEmpty()).isFalse();
    Thread writer = startWriter();
    writes.forEach(write -> write.await(false));
    end(writer);
    assertThat(taken).isEqualTo(writes);
    assertThat(ends).containsExactly(false, false, true);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void whileTheQueueIsFullACallerWaits() throws InterruptedException {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      writes.add(new Write());
    }
    Thread caller = Thread.ofPlatform().daemon().start(() -> writes.forEach(queue::add));
    while (caller.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    Thread writer = startWriter();
    caller.join();
    writes.getLast().await(false);
    end(writer);
    assertThat(taken).isEqualTo(writes);
  }

  @Test
  void afterTheEndNothingIsAddedAndWhatWasLeftIsAnswered() {
    Write left = new Write();
    Write close = Write.control(Write.Kind.CLOSE);
    assertThat(queue.add(left)).isTrue();
    assertThat(queue.add(close)).isTrue();
    queue.end(CLOSED);
    assertThat(left.failure()).isInstanceOf(StoreClosedException.class);
    close.await(false);
    assertThat(close.failure()).isNull(); // another one has closed the store
    assertThat(queue.add(new Write())).isFalse();
  }
}
