package dev.hmap.io;

import dev.hmap.format.PageLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK does not do with a mapping, where there are {@link NativeCalls}: makes private
 * copies of pages ahead, gives them back to the system, so that the pages read as the file again,
 * has nothing read ahead, and takes file and memory away from under readers. Thread-safe.
 */
public final class NativeMemory {
  private static final int MADV_RANDOM = 1;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_POPULATE_WRITE = 23;
  private static final int PROT_READ = 1;
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;

  /** Found when first needed. */
  private static final class Advice {
    static final @Nullable MethodHandle MADVISE =
        pageBytes() == PageLayout.PAGE_BYTES
            ? NativeCalls.find(
                "madvise",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT))
            : null; // the system would take in what lies beside a page, too

    private static int pageBytes() {
      MethodHandle getpagesize =
          NativeCalls.find("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));
      return getpagesize == null
          ? 0
          : NativeCalls.call("getpagesize", () -> (int) getpagesize.invokeExact());
    }
  }

  /** Found when first needed, without the others. */
  private static final class Replacing {
    static final @Nullable MethodHandle MMAP =
        NativeCalls.find(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
  }

  private NativeMemory() {}

  /** Whether pages can be given back in this process. Slow the first time. */
  public static boolean isAvailable() {
    return Advice.MADVISE != null;
  }

  /**
   * Gives whole pages of a private mapping back.
   *
   * @param pages a page-aligned part of the mapping
   * @return whether the kernel did so
   */
  public static boolean giveBack(MemorySegment pages) {
    return advise(pages, MADV_DONTNEED);
  }

  /**
   * Announces random accesses to a mapping, so that the system does not read what lies around a
   * page together with it.
   *
   * @param pages a page-aligned part of the mapping
   * @return whether the system took note
   */
  public static boolean adviseRandom(MemorySegment pages) {
    return advise(pages, MADV_RANDOM);
  }

  /**
   * Makes the private copies of pages that a first write to each would make. Their content does not
   * change. Systems before Linux 5.14 do not do it.
   *
   * @param pages a page-aligned part of the mapping
   * @return whether the system did so
   */
  public static boolean populate(MemorySegment pages) {
    return advise(pages, MADV_POPULATE_WRITE);
  }

  private static boolean advise(MemorySegment pages, int advice) {
    MethodHandle madvise = Advice.MADVISE;
    return madvise != null
        && pages.isMapped()
        && NativeCalls.call(
            "madvise", () -> (int) madvise.invokeExact(pages, pages.byteSize(), advice) == 0);
  }

  /** Whether the system was called before, so that another call takes no time. */
  public static boolean isWarm() {
    return NativeCalls.areWarm();
  }

  /**
   * Puts zeros in the place of a mapping, at once: file and memory are given back, and an access
   * that is under way reads on. Nobody may store to it any more. The range of addresses is still
   * the mapping's, and goes with it.
   *
   * @param mapping the whole of it
   * @return whether the system did so
   */
  public static boolean replaceByZeros(MemorySegment mapping) {
    if (!mapping.isMapped()) {
      return false;
    }
    MethodHandle mmap = Replacing.MMAP;
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
    return mmap != null
        && NativeCalls.call(
            "mmap",
            () ->
                (long) mmap.invokeExact(mapping, mapping.byteSize(), PROT_READ, flags, -1, 0L)
                    == mapping.address());
  }
}
