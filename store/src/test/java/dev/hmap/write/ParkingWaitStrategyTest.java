package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** An idle writer parks until something is published, it is woken, or it has work of its own. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class ParkingWaitStrategyTest {
  private static final long NONE = Long.MAX_VALUE;

  private final Sequence published = new Sequence(-1);
  private final SequenceBarrier barrier =
      RingBuffer.createMultiProducer(WriteSlot::new, 2).newBarrier();

  private int batchesDone;
  private boolean wasFreeWhenAsked;
  private long nanosUntilWork = NONE;
  private final WriterRole role = new WriterRole();
  private final ParkingWaitStrategy strategy =
      new ParkingWaitStrategy(
          role, this::nanosUntilWork, () -> batchesDone++, sequence -> sequence <= published.get());

  private Runnable beforeParking = () -> {};

  private long nanosUntilWork() {
    beforeParking.run();
    wasFreeWhenAsked = role.tryTake();
    return nanosUntilWork;
  }

  private long waitFor(long sequence) throws AlertException, TimeoutException {
    return strategy.waitFor(sequence, published, published, barrier);
  }

  @Test
  void allThatIsPublishedIsReturnedAtOnce() throws AlertException, TimeoutException {
    published.set(5);
    assertThat(waitFor(3)).isEqualTo(5);
    assertThat(batchesDone).isEqualTo(1);
  }

  @Test
  void workOfTheWritersOwnEndsTheWait() {
    nanosUntilWork = 0;
    assertThatThrownBy(() -> waitFor(0)).isInstanceOf(TimeoutException.class);
  }

  @Test
  void aWakeEndsOneWaitAndNotTheNext() {
    strategy.wake();
    assertThatThrownBy(() -> waitFor(0)).isInstanceOf(TimeoutException.class);
    CompletableFuture<Long> found = park();
    assertThat(found).isNotDone();
    strategy.wake();
    assertThatThrownBy(found::join).hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void anAlertJustBeforeItParksEndsTheWait() {
    beforeParking = barrier::alert;
    assertThatThrownBy(() -> waitFor(0)).isInstanceOf(AlertException.class);
  }

  @Test
  void aPublicationWakesAWriterThatIsParked() {
    CompletableFuture<Long> found = park();
    published.set(0);
    strategy.signalAllWhenBlocking();
    assertThat(found.join()).isZero();
  }

  @Test
  void theRoleIsFreeWhileTheWriterWaitsAndItsOwnAfterwards()
      throws AlertException, TimeoutException {
    CompletableFuture<Long> found = park();
    assertThat(role.tryTake()).isTrue();
    role.release();
    strategy.wake();
    assertThatThrownBy(found::join).hasCauseInstanceOf(TimeoutException.class);
    assertThat(role.tryTake()).isFalse();
    published.set(0);
    assertThat(waitFor(0)).isZero();
    assertThat(role.tryTake()).isFalse();
  }

  @Test
  void itsWorkIsLookedForInTheRole() {
    CompletableFuture<Long> found = park();
    assertThat(wasFreeWhenAsked).isFalse();
    published.set(0);
    strategy.signalAllWhenBlocking();
    found.join();
  }

  /** What another thread finds, which is parked now. */
  private CompletableFuture<Long> park() {
    CompletableFuture<Long> found = new CompletableFuture<>();
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                found.complete(waitFor(0));
              } catch (AlertException | TimeoutException e) {
                found.completeExceptionally(e);
              }
            });
    while (writer.isAlive() && writer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return found;
  }
}
