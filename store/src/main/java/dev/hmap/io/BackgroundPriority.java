package dev.hmap.io;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The priority of threads whose work nobody waits for: where all processors are busy, they leave
 * them to the others. Java's priorities have no effect on Linux by default.
 */
public final class BackgroundPriority {
  /** Added to the thread's nice value: about a tenth of a processor that is wanted by others. */
  private static final int NICE = 10;

  /** Found when first needed. */
  private static final class Nice {
    static final @Nullable MethodHandle CALL =
        NativeCalls.find("nice", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private BackgroundPriority() {}

  /** Lowers that of the calling thread, where the system can do so; Linux does it by thread. */
  public static void lower() {
    MethodHandle nice = Nice.CALL;
    if (nice != null) {
      int _ = NativeCalls.call("nice", () -> (int) nice.invokeExact(NICE));
    }
  }
}
