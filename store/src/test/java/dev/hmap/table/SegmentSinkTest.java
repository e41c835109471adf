package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Shows a value to a function where it lies; what counts is the call for the value at rest. */
class SegmentSinkTest {
  private final byte[] bytes = {0, 5, 6};
  private final Memory memory = new MappedMemory(MemorySegment.ofArray(bytes));
  private int calls;

  private byte first(MemorySegment value) {
    calls++;
    return value.get(ValueLayout.JAVA_BYTE, 0);
  }

  @Test
  void theFunctionSeesTheValueAloneAndCannotChangeIt() {
    SegmentSink<MemorySegment> sink = new SegmentSink<>(value -> value);
    sink.take(memory, 1, 2);
    assertThat(sink.result().byteSize()).isEqualTo(2);
    assertThat(sink.result().isReadOnly()).isTrue();
  }

  @Test
  void theLastCallCounts() {
    SegmentSink<Byte> sink = new SegmentSink<>(this::first);
    sink.take(memory, 1, 2);
    sink.take(memory, 2, 1);
    assertThat(sink.result()).isEqualTo((byte) 6);
  }

  @Test
  void whatTheFunctionThrowsIsThrownOnlyIfItIsOfTheCallThatCounts() {
    SegmentSink<Byte> sink =
        new SegmentSink<>(value -> {
          if (first(value) == 5) {
            throw new IllegalArgumentException("five");
          }
          return (byte) 1;
        });
    sink.take(memory, 1, 2); // which the look-up finds to be half a change
    sink.take(memory, 2, 1);
    assertThat(sink.result()).isEqualTo((byte) 1);
    sink.take(memory, 1, 2);
    assertThatThrownBy(sink::result).hasMessage("five");
  }

  @Test
  void afterEightCallsItCopiesTheValueAndShowsTheCopy() {
    SegmentSink<Byte> sink = new SegmentSink<>(this::first);
    for (int i = 0; i < 10; i++) {
      bytes[1] = (byte) i;
      sink.take(memory, 1, 2);
    }
    assertThat(calls).isEqualTo(8);
    bytes[1] = 77;
    assertThat(sink.result()).isEqualTo((byte) 9);
  }
}
