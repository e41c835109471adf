package dev.hmap.table;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows a value to a function without copying it, and keeps what the function made of it. */
public final class SegmentSink<R> extends ValueSink {
  private final Function<? super MemorySegment, ? extends R> function;
  private @Nullable R result;
  private @Nullable Throwable thrown;

  /** For one look-up. */
  public SegmentSink(Function<? super MemorySegment, ? extends R> function) {
    this.function = function;
  }

  @Override
  void take(Memory memory, long at, int length) {
    result = null;
    thrown = null;
    try {
      result = function.apply(((MappedMemory) memory).segment().asSlice(at, length).asReadOnly());
    } catch (Throwable e) {
      thrown = e; // it may have met half a change; then the look-up begins anew
    }
  }

  /** What the function made of the value that counts; throws what it threw. */
  public @Nullable R result() {
    if (thrown != null) {
      SegmentSink.<RuntimeException>rethrow(thrown);
    }
    return result;
  }

  /** Declared or not. */
  @SuppressWarnings("unchecked") // no cast is made
  private static <X extends Throwable> void rethrow(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
