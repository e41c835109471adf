package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Carries copies of pages from the writer to the checkpoint's thread, 64 in each buffer. */
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
    slow.send(slow.take()); // a page that is about to change still finds one
    slow.giveBack(slow.receive());
    assertThat(slow.hasRoom()).isTrue();
    slow.giveBack(slow.receive());
    assertThat(wakes).as("of who waits").hasValue(1);
    slow.free();
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
