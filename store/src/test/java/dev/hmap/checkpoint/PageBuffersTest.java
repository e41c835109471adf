package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Carries copies of pages from the writer to the checkpoint's thread, 64 in each buffer. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class PageBuffersTest {
  private final PageBuffers buffers = new PageBuffers(() -> {});

  @AfterEach
  void free() {
    buffers.free();
  }

  @Test
  void aBufferTakes64Pages() {
    PageBuffers.Buffer buffer = buffers.take();
    assertThat(buffer.count).isZero();
    for (int i = 0; i < 64; i++) {
      assertThat(buffer.isFull()).isFalse();
      assertThat(buffer.page(i).remaining()).isEqualTo(4096);
      buffer.page(i).putInt(0x5EED + i);
      buffer.pages[buffer.count++] = 1000 + i;
    }
    assertThat(buffer.isFull()).isTrue();
    assertThat(buffer.page(63).getInt()).isEqualTo(0x5EED + 63);
    assertThat(buffer.page(0).getInt()).isEqualTo(0x5EED);
  }

  @Test
  void buffersArriveInTheirOrder() throws Exception {
    PageBuffers.Buffer first = buffers.take();
    PageBuffers.Buffer last = buffers.take();
    buffers.send(first);
    buffers.send(last); // without pages: the end
    assertThat(buffers.receive()).isSameAs(first);
    assertThat(buffers.receive()).isSameAs(last);
  }

  @Test
  void aBufferThatWasGivenBackIsUsedAgain() throws Exception {
    PageBuffers.Buffer buffer = buffers.take();
    buffer.count = 64;
    buffers.send(buffer);
    buffers.giveBack(buffers.receive());
    PageBuffers.Buffer again = buffers.take();
    assertThat(again).isSameAs(buffer);
    assertThat(again.count).isZero();
  }

  @Test
  void pagesThatMayBeCopiedLaterFindNoRoomWhileSixteenBuffersAreOnTheirWay() throws Exception {
    AtomicInteger wakes = new AtomicInteger();
    PageBuffers slow = new PageBuffers(wakes::incrementAndGet);
    for (int i = 0; i < 16; i++) {
      assertThat(slow.hasRoom()).isTrue();
      PageBuffers.Buffer buffer = slow.take();
      buffer.count = 64;
      slow.send(buffer);
    }
    assertThat(slow.hasRoom()).isFalse();
    slow.giveBack(slow.receive());
    assertThat(slow.hasRoom()).isTrue();
    slow.send(slow.take());
    assertThat(slow.hasRoomOrWakes()).isFalse();
    slow.send(slow.take()); // a page that is about to change still finds one
    assertThat(wakes).hasValue(0);
    slow.giveBack(slow.receive());
    slow.giveBack(slow.receive());
    assertThat(slow.hasRoomOrWakes()).isTrue();
    assertThat(wakes).as("of who waits").hasValue(1);
    slow.free();
  }

  @Test
  void pagesThatAreAboutToChangeFindNoRoomOnceAllBuffersAreOnTheirWay() throws Exception {
    for (int i = 0; i < 256; i++) {
      assertThat(buffers.hasRoomForChanges()).isTrue();
      buffers.send(buffers.take());
    }
    assertThat(buffers.hasRoomForChanges()).isFalse();
    buffers.giveBack(buffers.receive());
    assertThat(buffers.hasRoomForChanges()).isTrue();
  }

  @Test
  void aLargeCheckpointFindsItsBuffersMade() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    PageBuffers made = new PageBuffers(woken::countDown);
    assertThat(made.isReady(16 * 64)).as("a small one").isTrue();
    assertThat(made.isReady(20 * 64)).isFalse();
    woken.await();
    assertThat(made.isReady(20 * 64)).isTrue();
    Set<PageBuffers.Buffer> distinct = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      assertThat(made.hasRoom()).as("on their way: %d", i).isTrue();
      assertThat(distinct.add(made.take())).isTrue();
    }
    assertThat(made.hasRoom()).as("for what may be copied later, though there are more").isFalse();
    made.free();
    assertThat(made.isReady(20 * 64)).as("for the next").isFalse();
    made.free();
  }

  @Test
  void freeingWaitsForWhoeverMakesMore() {
    AtomicInteger wakes = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      PageBuffers large = new PageBuffers(wakes::incrementAndGet);
      assertThat(large.isReady(Integer.MAX_VALUE)).isFalse();
      large.free();
      assertThat(wakes).as("once, at its end").hasValue(i + 1);
    }
  }

  @Test
  void whoeverReceivesLearnsThatTheCheckpointWasGivenUp() {
    buffers.send(buffers.take());
    buffers.giveUp();
    assertThatThrownBy(buffers::receive)
        .isInstanceOf(IOException.class)
        .hasMessage("the checkpoint was given up");
  }

  @Test
  void nothingIsKeptBetweenTwoCheckpoints() {
    PageBuffers.Buffer freed = buffers.take();
    buffers.giveBack(freed);
    buffers.free();
    assertThatThrownBy(() -> freed.page(0).get()).isInstanceOf(IllegalStateException.class);
    assertThat(buffers.take()).isNotSameAs(freed);
  }
}
