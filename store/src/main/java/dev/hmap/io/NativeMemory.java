package dev.hmap.io;

import dev.hmap.format.PageLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Gives private copies of pages of a mapping back to the system, so that the pages read as the file
 * again: {@code madvise(MADV_DONTNEED)}, where there are {@link NativeCalls}. Thread-safe.
 */
public final class NativeMemory {
  private static final int MADV_DONTNEED = 4;

  /** Found when first needed. */
  private static final class Functions {
    static final @Nullable MethodHandle MADVISE =
        pageBytes() == PageLayout.PAGE_BYTES
            ? NativeCalls.find(
                "madvise",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT))
            : null; // the system would give back what lies beside a page, too

    private static int pageBytes() {
      MethodHandle getpagesize =
          NativeCalls.find("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));
      return getpagesize == null ? 0 : call("getpagesize", () -> (int) getpagesize.invokeExact());
    }
  }

  private interface Call<T> {
    T run() throws Throwable;
  }

  private NativeMemory() {}

  /** A call that throws nothing but what the JVM does. */
  private static <T> T call(String name, Call<T> call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Whether pages can be given back in this process. Slow the first time. */
  public static boolean isAvailable() {
    return Functions.MADVISE != null;
  }

  /**
   * Gives whole pages of a private mapping back.
   *
   * @param pages a page-aligned part of the mapping
   * @return whether the kernel did so
   */
  public static boolean giveBack(MemorySegment pages) {
    MethodHandle madvise = Functions.MADVISE;
    return madvise != null
        && pages.isMapped()
        && call(
            "madvise",
            () -> (int) madvise.invokeExact(pages, pages.byteSize(), MADV_DONTNEED) == 0);
  }
}
