package dev.hmap.io;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Functions of Linux's C library, through the JDK's {@link Linker}; hmap ships no native code. Each
 * has a portable way beside it, for where there is none: on other systems, where native access is
 * denied ({@code --illegal-native-access=deny}), and where it is switched off ({@code
 * -Ddev.hmap.native=false}). Where it is neither denied nor enabled ({@code
 * --enable-native-access}), the JVM warns once on the error stream. Thread-safe.
 */
final class NativeCalls {
  /** Those whose constants are the ones written in this package. */
  private static final Set<String> MACHINES = Set.of("amd64", "x86_64", "aarch64");

  private static final boolean IS_WANTED =
      System.getProperty("os.name", "").equals("Linux")
          && MACHINES.contains(System.getProperty("os.arch", ""))
          && !System.getProperty("dev.hmap.native", "").equals("false");

  private static volatile boolean areWarm;

  /** A call of a function that was found. */
  interface Call<T> {
    T run() throws Throwable;
  }

  private NativeCalls() {}

  /** Whether this system is one whose functions are called, and they are not switched off. */
  static boolean isWanted() {
    return IS_WANTED;
  }

  /** Whether functions were found before; the first takes some 50 ms, others a tenth of that. */
  static boolean areWarm() {
    return areWarm;
  }

  /**
   * A function, or null if it is not to be called. Slow: look for it when it is needed, and keep
   * it.
   *
   * @param options for example, to capture {@code errno}
   */
  @SuppressWarnings("restricted") // where it is denied, there is the portable way
  static @Nullable MethodHandle find(
      String name, FunctionDescriptor type, Linker.Option... options) {
    if (!IS_WANTED) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    try {
      MethodHandle found =
          linker
              .defaultLookup()
              .find(name)
              .map(f -> linker.downcallHandle(f, type, options))
              .orElse(null);
      areWarm = true;
      return found;
    } catch (IllegalCallerException _) {
      return null; // denied
    }
  }

  /** Does a call, which throws nothing but what the JVM does. */
  static <T> T call(String name, Call<T> call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }
}
