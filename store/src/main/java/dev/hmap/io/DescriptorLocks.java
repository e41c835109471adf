package dev.hmap.io;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Locks of Linux that belong to an open file description ({@code fcntl(F_OFD_SETLK)}), and so to
 * this object alone: what else this process opens and closes does not touch them.
 */
final class DescriptorLocks implements ByteLocks {
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int F_OFD_SETLK = 37;
  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EAGAIN = 11;
  private static final int EINVAL = 22;
  private static final int EROFS = 30;

  /** {@code struct flock} of 64-bit Linux. */
  private static final StructLayout FLOCK =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_SHORT.withName("l_type"),
          ValueLayout.JAVA_SHORT.withName("l_whence"),
          MemoryLayout.paddingLayout(4),
          ValueLayout.JAVA_LONG.withName("l_start"),
          ValueLayout.JAVA_LONG.withName("l_len"),
          ValueLayout.JAVA_INT.withName("l_pid"),
          MemoryLayout.paddingLayout(4));

  private static final long TYPE = offset("l_type");
  private static final long START = offset("l_start");
  private static final long LENGTH = offset("l_len");

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  /** All bytes are given up. Made ahead: closing asks for no memory. */
  private static final MemorySegment NONE = Arena.global().allocate(FLOCK);

  private static final MemorySegment IGNORED = Arena.global().allocate(CALL_STATE);

  static {
    NONE.set(ValueLayout.JAVA_SHORT, TYPE, F_UNLCK); // from 0, to the end that any file may have
  }

  /** The three functions. */
  private record Calls(MethodHandle open, MethodHandle close, MethodHandle fcntl) {
    static @Nullable Calls find() {
      Linker.Option errno = Linker.Option.captureCallState("errno");
      Linker.Option variadic = Linker.Option.firstVariadicArg(2);
      AddressLayout pointer = ValueLayout.ADDRESS;
      ValueLayout.OfInt number = ValueLayout.JAVA_INT;
      MethodHandle open =
          NativeCalls.find(
              "open", FunctionDescriptor.of(number, pointer, number, number), errno, variadic);
      MethodHandle close = NativeCalls.find("close", FunctionDescriptor.of(number, number));
      MethodHandle fcntl =
          NativeCalls.find(
              "fcntl", FunctionDescriptor.of(number, number, number, pointer), errno, variadic);
      return open == null || close == null || fcntl == null ? null : new Calls(open, close, fcntl);
    }
  }

  private static final @Nullable Calls CALLS = Calls.find();

  /** Of the names that the JDK gives to the system. */
  private static final Charset NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8);

  private final Path path;
  private final Calls calls;
  private int descriptor = -1;

  private DescriptorLocks(Path path, Calls calls) {
    this.path = path;
    this.calls = calls;
  }

  private static long offset(String field) {
    return FLOCK.byteOffset(PathElement.groupElement(field));
  }

  static boolean isAvailable() {
    return CALLS != null;
  }

  static DescriptorLocks open(Path path, boolean writable) throws IOException {
    Calls calls = CALLS;
    if (calls == null) {
      throw new IllegalStateException("no such locks here");
    }
    int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment name = arena.allocateFrom(path.toAbsolutePath().toString(), NAMES);
      DescriptorLocks locks = new DescriptorLocks(path, calls);
      try {
        locks.descriptor = (int) calls.open.invokeExact(state, name, flags, 0);
      } catch (Throwable e) {
        throw unexpected(e);
      }
      if (locks.descriptor < 0) {
        throw failure(path, "opening it to lock", errno(state));
      }
      return locks;
    }
  }

  /** The number of the open file. */
  int descriptor() {
    return descriptor;
  }

  @Override
  public boolean tryLock(long at, boolean shared) throws IOException {
    int errno = set(at, shared ? F_RDLCK : F_WRLCK);
    if (errno != 0 && errno != EAGAIN && errno != EACCES) {
      throw failure(path, "locking it", errno);
    }
    return errno == 0;
  }

  @Override
  public void unlock(long at) throws IOException {
    int errno = set(at, F_UNLCK);
    if (errno != 0) {
      throw failure(path, "unlocking it", errno);
    }
  }

  /** The error's number, 0 if there was none. */
  private int set(long at, short type) throws IOException {
    if (descriptor < 0) {
      throw new IOException(path + ": the lock is closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment lock = arena.allocate(FLOCK);
      lock.set(ValueLayout.JAVA_SHORT, TYPE, type);
      lock.set(ValueLayout.JAVA_LONG, START, at);
      lock.set(ValueLayout.JAVA_LONG, LENGTH, 1);
      int result;
      try {
        result = (int) calls.fcntl.invokeExact(state, descriptor, F_OFD_SETLK, lock);
      } catch (Throwable e) {
        throw unexpected(e);
      }
      return result == 0 ? 0 : errno(state);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static IOException failure(Path path, String what, int errno) {
    String reason = "%s failed with error %d of the system".formatted(what, errno);
    return switch (errno) {
      case ENOENT -> new NoSuchFileException(path.toString());
      case EACCES -> new AccessDeniedException(path.toString());
      case EROFS -> new FileSystemException(path.toString(), null, "Read-only file system");
      case EINVAL -> new IOException(path + ": the file system has no locks");
      default -> new FileSystemException(path.toString(), null, reason);
    };
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException r -> r;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }

  /**
   * Gives all up, and closes the file. Not by closing it alone: a process that this one is about to
   * begin has the open file, too, until it runs its program.
   */
  @Override
  public void close() {
    int open = descriptor;
    descriptor = -1;
    if (open >= 0) {
      try {
        try {
          int _ = (int) calls.fcntl.invokeExact(IGNORED, open, F_OFD_SETLK, NONE);
        } finally {
          int _ = (int) calls.close.invokeExact(open);
        }
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }
  }
}
