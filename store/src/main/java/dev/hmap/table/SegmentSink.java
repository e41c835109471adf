package dev.hmap.table;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows a value to a function without copying it, and keeps what the function made of it. */
public final class SegmentSink<R> extends ValueSink {
  /** A function that takes long, or writes to the map, might never see its value at rest. */
  private static final int MAX_CALLS = 8;

  private final Function<? super MemorySegment, ? extends R> function;
  private int calls;
  private byte @Nullable [] copy;
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
    if (calls++ >= MAX_CALLS) {
      byte[] bytes = new byte[length];
      memory.get(at, bytes, 0, length);
      copy = bytes;
      return;
    }
    try {
      result = function.apply(((MappedMemory) memory).segment().asSlice(at, length).asReadOnly());
    } catch (Throwable e) {
      thrown = e; // it may have met half a change; then the look-up begins again
    }
  }

  /** What the function made of the value that counts; throws what it threw. */
  public @Nullable R result() {
    byte[] atRest = copy;
    if (atRest != null) {
      return function.apply(MemorySegment.ofArray(atRest).asReadOnly());
    }
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
