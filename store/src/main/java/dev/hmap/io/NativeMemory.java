package dev.hmap.io;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * {@code madvise(MADV_DONTNEED)} of Linux, through the Linker: gives private copies of pages of a
 * mapping back, so that the pages read as the file again. Only where the application has enabled
 * native access; hmap ships no native code.
 */
public final class NativeMemory {
  private static final int MADV_DONTNEED = 4;
  private static final @Nullable MethodHandle MADVISE = madvise();

  private NativeMemory() {}

  @SuppressWarnings("restricted") // called only where native access is enabled
  private static @Nullable MethodHandle madvise() {
    if (!NativeMemory.class.getModule().isNativeAccessEnabled()
        || !System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("madvise")
        .map(f ->
            linker.downcallHandle(
                f,
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT)))
        .orElse(null);
  }

  /** Whether pages can be given back in this process. */
  public static boolean isAvailable() {
    return MADVISE != null;
  }

  /**
   * Gives whole pages of a private mapping back.
   *
   * @param pages a page-aligned part of the mapping
   * @return whether the kernel did so
   */
  public static boolean giveBack(MemorySegment pages) {
    MethodHandle madvise = MADVISE;
    if (madvise == null || !pages.isMapped()) {
      return false;
    }
    try {
      return (int) madvise.invokeExact(pages, pages.byteSize(), MADV_DONTNEED) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("madvise", e);
    }
  }
}
