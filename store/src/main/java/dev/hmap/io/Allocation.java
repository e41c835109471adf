package dev.hmap.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes room for a part of a file without writing it: {@code fallocate} of Linux, where there are
 * {@link NativeCalls}. Thread-safe.
 */
final class Allocation {
  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private static final @Nullable MethodHandle FALLOCATE =
      NativeCalls.find(
          "fallocate",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private Allocation() {}

  /**
   * Takes the room, and extends the file by it.
   *
   * @param path of the file when it was opened
   * @param identity of the file
   * @return false if it cannot be taken so; then nothing was done
   * @throws IOException if there is no room
   */
  static boolean take(Path path, FileIdentity identity, long from, long bytes) throws IOException {
    MethodHandle fallocate = FALLOCATE;
    if (fallocate == null || !DescriptorLocks.isAvailable()) {
      return false;
    }
    try (DescriptorLocks file = DescriptorLocks.open(path, true);
        Arena arena = Arena.ofConfined()) {
      if (!identity.isAt(path)) {
        return false; // it has another name by now
      }
      MemorySegment state = arena.allocate(CALL_STATE);
      int result =
          NativeCalls.call(
              "fallocate",
              () -> (int) fallocate.invokeExact(state, file.descriptor(), 0, from, bytes));
      int errno = result == 0 ? 0 : (int) ERRNO.get(state, 0L);
      if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
        throw new FileSystemException(path.toString(), null, "No space left on device");
      }
      return errno == 0;
    }
  }
}
