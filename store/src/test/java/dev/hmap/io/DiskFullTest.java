package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the system, in its own words: quotas are seldom there to be met. */
class DiskFullTest {
  private static final int EIO = 5;
  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int EDQUOT = 122;

  @SuppressWarnings("restricted") // who calls looks at what is returned
  private static String words(int errno) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle strerror =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    return ((MemorySegment) strerror.invokeExact(errno)).reinterpret(200).getString(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {ENOSPC, EDQUOT, EFBIG})
  void anErrorForWantOfRoomIsNotKnown(int errno) throws Throwable {
    assertThat(DiskFull.is(new IOException(words(errno)))).isTrue();
    assertThat(DiskFull.is(new FileSystemException("store", null, words(errno)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {EIO, EROFS})
  void anotherErrorIsTakenForWantOfRoom(int errno) throws Throwable {
    assertThat(DiskFull.is(new IOException(words(errno)))).isFalse();
  }

  @Test
  void aMediumToReadOnlyIsNotKnown() throws Throwable {
    assertThat(DiskFull.isReadOnly(new IOException(words(EROFS)))).isTrue();
    assertThat(DiskFull.isReadOnly(new IOException(words(EIO)))).isFalse();
  }
}
