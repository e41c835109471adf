package dev.hmap.crash;

import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands between a store and a simulated file system, and fails some calls. Thread-safe. */
final class FaultyFileSystem extends ForwardingFileSystem {
  /** What fails, and how. */
  enum Fault {
    /** Any call, with an I/O error; of a write, the first half is done. */
    IO_ERROR,
    /**
     * Creations, and writes to where nothing was written before, for want of room; of a write, the
     * first half is done. Overwriting needs no room, nor does a sparse extension.
     */
    NO_SPACE,
    /**
     * The same where a longer file takes room at once, as on a small tmpfs: to extend one fails
     * too, and leaves it as it was.
     */
    NO_SPACE_AHEAD,
    /** Forces of files, with an I/O error. */
    FORCE_ERROR,
    /** Any call, with an {@link OutOfMemoryError}, as allocating a buffer would. */
    NO_MEMORY
  }

  private enum Call {
    OPEN,
    CREATE,
    LOOK,
    NAMES,
    READ,
    WRITE,
    FORCE,
    RESIZE,
    EXTEND,
    MAP
  }

  private final SimulatedFileSystem inner;
  private final Fault fault;
  private int from;
  private int left;
  private int calls;
  private boolean struck;

  /**
   * A file system of which some calls fail.
   *
   * @param from the first that does, counted from 1 over those that the fault concerns
   * @param times how many fail
   */
  FaultyFileSystem(SimulatedFileSystem inner, Fault fault, int from, int times) {
    super(inner);
    this.inner = inner;
    this.fault = fault;
    this.from = from;
    this.left = times;
  }

  /** From now on the call of this number fails, counted from 1, and no other. */
  synchronized void fail(int call) {
    from = call;
    calls = 0;
    left = 1;
    struck = false;
  }

  /** From now on nothing fails. */
  synchronized void heal() {
    left = 0;
  }

  /** Whether any call failed. */
  synchronized boolean hasStruck() {
    return struck;
  }

  private synchronized boolean fails(Call call) {
    boolean concerned =
        switch (fault) {
          case NO_SPACE -> call == Call.CREATE || call == Call.WRITE;
          case NO_SPACE_AHEAD -> call == Call.CREATE || call == Call.WRITE || call == Call.EXTEND;
          case FORCE_ERROR -> call == Call.FORCE;
          case IO_ERROR, NO_MEMORY -> true;
        };
    if (!concerned) {
      return false;
    }
    calls++;
    if (calls < from || left == 0) {
      return false;
    }
    left--;
    struck = true;
    return true;
  }

  private void check(Call call) throws IOException {
    if (fails(call)) {
      throw failure(call);
    }
  }

  private IOException failure(Call call) {
    return switch (fault) {
      case IO_ERROR, FORCE_ERROR -> new IOException("Input/output error (" + call + ")");
      case NO_SPACE, NO_SPACE_AHEAD -> new IOException("No space left on device (" + call + ")");
      case NO_MEMORY -> throw new OutOfMemoryError("simulated (" + call + ")");
    };
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    check(mode == Mode.CREATE ? Call.CREATE : Call.OPEN);
    return new File((SimulatedFileSystem.File) inner.open(path, mode));
  }

  @Override
  public boolean exists(Path path) throws IOException {
    check(Call.LOOK);
    return inner.exists(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    check(Call.NAMES);
    inner.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(Call.NAMES);
    inner.rename(from, to);
  }

  @Override
  public void renameToNew(Path from, Path to) throws IOException {
    check(Call.NAMES);
    inner.renameToNew(from, to);
  }

  @Override
  public void takeAfter(Path path, Path model) throws IOException {
    check(Call.NAMES);
    inner.takeAfter(path, model);
  }

  @Override
  public void createFolder(Path path) throws IOException {
    check(Call.CREATE);
    inner.createFolder(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    check(Call.LOOK);
    return inner.list(folder);
  }

  @Override
  public void deleteFolder(Path path) throws IOException {
    check(Call.NAMES);
    inner.deleteFolder(path);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    check(Call.NAMES);
    inner.forceFolder(folder);
  }

  @Override
  public StoreLock lockForWriting(Path data) throws IOException {
    check(Call.OPEN);
    return new Lock(inner.lockForWriting(data));
  }

  @Override
  public StoreLock lockForReading(Path data) throws IOException {
    check(Call.OPEN);
    return new Lock(inner.lockForReading(data));
  }

  private final class Lock implements StoreLock {
    private final StoreLock lock;

    Lock(StoreLock lock) {
      this.lock = lock;
    }

    @Override
    public boolean tryGuard() throws IOException {
      FaultyFileSystem.this.check(Call.LOOK);
      return lock.tryGuard();
    }

    @Override
    public void releaseGuard() throws IOException {
      lock.releaseGuard();
    }

    @Override
    public void check() throws IOException {
      FaultyFileSystem.this.check(Call.LOOK);
      lock.check();
    }

    @Override
    public void leaveNote() {
      lock.leaveNote();
    }

    @Override
    public void close() throws IOException {
      lock.close();
    }
  }

  private final class File extends ForwardingStoreFile {
    private final SimulatedFileSystem.File file;

    File(SimulatedFileSystem.File file) {
      super(file);
      this.file = file;
    }

    @Override
    public @Nullable MemorySegment mapShared(long position, long bytes, Arena arena)
        throws IOException {
      check(Call.MAP);
      return file.mapShared(position, bytes, arena);
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      check(Call.READ);
      file.read(to, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      boolean isOfRoom = fault == Fault.NO_SPACE || fault == Fault.NO_SPACE_AHEAD;
      boolean concerned = !isOfRoom || file.needsRoom(position, from.remaining());
      if (concerned && fails(Call.WRITE)) {
        file.write(from.slice(from.position(), from.remaining() / 2), position);
        throw failure(Call.WRITE);
      }
      file.write(from, position);
    }

    @Override
    public void force() throws IOException {
      if (fails(Call.FORCE)) {
        file.failForce();
        throw failure(Call.FORCE);
      }
      file.force();
    }

    @Override
    public boolean isAt(Path path) throws IOException {
      check(Call.LOOK);
      return file.isAt(path);
    }

    @Override
    public long size() throws IOException {
      check(Call.LOOK);
      return file.size();
    }

    @Override
    public void resize(long bytes) throws IOException {
      check(bytes > file.size() ? Call.EXTEND : Call.RESIZE);
      file.resize(bytes);
    }

    @Override
    public void fillHoles(long position, long bytes) throws IOException {
      check(Call.WRITE);
      file.fillHoles(position, bytes);
    }

    @Override
    public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
      check(Call.MAP);
      return file.map(position, bytes, arena);
    }
  }
}
