package dev.hmap.io;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error of the system behind an exception, which Java tells by its message alone. The system
 * words that in the language it is set to; so where there are {@link NativeCalls}, it is asked for
 * its words, and elsewhere the English ones are looked for.
 */
enum SystemError {
  /** {@code ENOSPC}. */
  NO_ROOM(28, "no space left"),
  /** {@code EDQUOT}. */
  QUOTA(122, "quota exceeded"),
  /** {@code EFBIG}. */
  TOO_LARGE(27, "file too large"),
  /** {@code EROFS}. */
  READ_ONLY(30, "read-only file system"),
  /** {@code EPERM}. */
  NOT_PERMITTED(1, "operation not permitted"),
  /** {@code EOPNOTSUPP}. */
  NOT_SUPPORTED(95, "operation not supported");

  /** Longer than any of the system's. */
  private static final int MAX_TEXT_BYTES = 1024;

  private final int number;
  private final String english;

  SystemError(int number, String english) {
    this.number = number;
    this.english = english;
  }

  /** Whether it is behind an exception. */
  boolean isCauseOf(IOException e) {
    String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
    if (reason == null) {
      return false;
    }
    String lower = reason.toLowerCase(Locale.ROOT);
    return lower.contains(english) || lower.contains(Texts.OF.getOrDefault(this, english));
  }

  /** In the system's language, in lower case. Asked for when needed, since that takes a while. */
  private static final class Texts {
    private static final @Nullable MethodHandle STRERROR =
        NativeCalls.find(
            "strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final Charset CHARSET =
        Charset.forName(System.getProperty("native.encoding", "UTF-8"), StandardCharsets.UTF_8);

    static final Map<SystemError, String> OF = all();

    private static Map<SystemError, String> all() {
      Map<SystemError, String> all = new EnumMap<>(SystemError.class);
      for (SystemError error : SystemError.values()) {
        String text = of(error.number);
        if (text != null) {
          all.put(error, text.toLowerCase(Locale.ROOT));
        }
      }
      return all;
    }

    @SuppressWarnings("restricted") // who may call may look at what is returned
    private static @Nullable String of(int number) {
      MethodHandle strerror = STRERROR;
      if (strerror == null) {
        return null;
      }
      MemorySegment text =
          NativeCalls.call("strerror", () -> (MemorySegment) strerror.invokeExact(number));
      return text.reinterpret(MAX_TEXT_BYTES).getString(0, CHARSET);
    }
  }
}
