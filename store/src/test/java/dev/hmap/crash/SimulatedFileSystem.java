package dev.hmap.crash;

import dev.hmap.error.StoreLockedException;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that keeps a journal of every call that changes something, so that a
 * {@link Disk} can tell afterwards what a crash at any point could have left. Thread-safe.
 *
 * <p>{@link StoreFile#map} gives a writer a copy of the file's bytes at that time. A private
 * mapping differs in that a page not yet copied shows what is written to the file later. A writer
 * relies on this only for pages that its own checkpoint wrote, which are those it holds in memory
 * anyway; a reader beside a writer is given a {@link PrivateMapping}.
 */
final class SimulatedFileSystem implements FileSystem {
  private final Disk start;
  private final List<Change> journal = new ArrayList<>();
  private final Map<Integer, FileContent> files = new HashMap<>();
  private final Map<Path, Integer> names = new HashMap<>();
  private final Set<Path> folders = new HashSet<>();

  /** Files, by number. */
  private final Set<Integer> locked = new HashSet<>();

  private final Set<Integer> guarded = new HashSet<>();
  private final Map<Integer, Integer> readers = new HashMap<>();

  /** Those of readers, by the file that each was made through. */
  private final Map<File, List<PrivateMapping>> mappings = new HashMap<>();

  /** Of the log, while it is written. */
  private final List<SharedMapping> shared = new ArrayList<>();

  private boolean isLogMapped;
  private int lastFile;

  /** An empty one. */
  SimulatedFileSystem() {
    this(new Disk());
  }

  /** One on a disk as it is, with what is pending there still pending. */
  SimulatedFileSystem(Disk start) {
    this.start = start.fork();
    Disk now = start.pending().isEmpty() ? start.fork() : start.settled();
    files.putAll(now.files());
    names.putAll(now.names());
    folders.addAll(now.folders());
    lastFile = files.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** The disk before the first entry of the journal. */
  Disk start() {
    return start.fork();
  }

  /** From now on the log may be mapped where it is written. */
  synchronized void setLogMapped() {
    isLogMapped = true;
  }

  private void note(Change change) {
    findStores();
    journal.add(change);
  }

  /** What was stored where the log is mapped is written. */
  private void findStores() {
    List<SharedMapping> ended = shared.stream().filter(mapping -> !mapping.isAlive()).toList();
    for (SharedMapping mapping : shared) {
      mapping.find((bytes, position) -> {
        files.get(mapping.file).write(bytes, 0, bytes.length, position);
        journal.add(new Change.Write(mapping.file, position, bytes, bytes.length));
      });
    }
    shared.removeAll(ended); // to which nobody has stored since the look
  }

  /** All that happened so far. */
  synchronized List<Change> journal() {
    findStores();
    return new ArrayList<>(journal);
  }

  /** Notes where the test stands. */
  synchronized void mark(Change.Kind kind, int operations) {
    note(new Change.Mark(kind, operations));
  }

  /** All files and folders. */
  synchronized Set<Path> names() {
    Set<Path> all = new HashSet<>(names.keySet());
    all.addAll(folders);
    return all;
  }

  /** The bytes of a file, or null if there is none of that name. */
  synchronized FileContent content(Path path) {
    findStores();
    Integer file = names.get(path);
    return file == null ? null : files.get(file).fork();
  }

  /** Whether both names are there, and of the same file. */
  synchronized boolean areOneFile(Path one, Path other) {
    return names.containsKey(one) && names.get(one).equals(names.get(other));
  }

  // ---------------------------------------------------------------- FileSystem

  @Override
  public synchronized StoreFile open(Path path, Mode mode) throws IOException {
    Integer file = names.get(path);
    if (mode == Mode.CREATE) {
      if (file != null) {
        throw new FileAlreadyExistsException(path.toString());
      }
      file = ++lastFile;
      files.put(file, new FileContent());
      names.put(path, file);
      note(new Change.Create(path, file));
    } else if (file == null) {
      throw new FileNotFoundException(path.toString());
    }
    return file(path, file, mode == Mode.READ && locked.contains(file));
  }

  private File file(Path path, int number, boolean isBesideWriter) {
    String name = path.toString();
    boolean isLog = name.startsWith(Runner.STORE.toString()) && name.endsWith("-log");
    return new File(number, isLog, isBesideWriter);
  }

  /** For a reader that stays, so that a writer may come to its side. */
  FileSystem forReader() {
    return new ForwardingFileSystem(this) {
      @Override
      public StoreFile open(Path path, Mode mode) throws IOException {
        synchronized (SimulatedFileSystem.this) {
          if (mode != Mode.READ) {
            throw new IllegalArgumentException("a reader writes %s".formatted(path));
          }
          return file(path, number(path), true);
        }
      }
    };
  }

  @Override
  public synchronized boolean exists(Path path) {
    return names.containsKey(path) || folders.contains(path);
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    if (folders.contains(path)) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    if (names.remove(path) != null) {
      note(new Change.Delete(path));
    }
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Integer file = names.remove(from);
    if (file == null) {
      throw new FileNotFoundException(from.toString());
    }
    names.put(to, file);
    note(new Change.Rename(from, to, file));
  }

  @Override
  public synchronized void renameToNew(Path from, Path to) throws IOException {
    Integer file = names.get(from);
    if (file == null) {
      throw new FileNotFoundException(from.toString());
    }
    if (names.containsKey(to) || folders.contains(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    names.put(to, file);
    note(new Change.Create(to, file));
    delete(from);
  }

  @Override
  public Path resolve(Path path) {
    return path;
  }

  @Override
  public synchronized int links(Path path) {
    return Collections.frequency(names.values(), names.get(path));
  }

  @Override
  public void takeAfter(Path path, Path model) {}

  @Override
  public synchronized void createFolder(Path path) throws IOException {
    if (names.containsKey(path) || !folders.add(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    note(new Change.CreateFolder(path));
  }

  @Override
  public synchronized List<Path> list(Path folder) {
    return Stream.concat(names.keySet().stream(), folders.stream())
        .filter(path -> folder.equals(path.getParent()))
        .toList();
  }

  @Override
  public synchronized void deleteFolder(Path path) {
    if (list(path).isEmpty() && folders.remove(path)) {
      note(new Change.DeleteFolder(path));
    }
  }

  @Override
  public long usableBytes(Path folder) {
    return Long.MAX_VALUE;
  }

  @Override
  public synchronized void forceFolder(Path folder) {
    note(new Change.ForceFolder(folder));
  }

  @Override
  public synchronized StoreLock lockForWriting(Path data) throws IOException {
    int file = number(data);
    if (!locked.add(file)) {
      throw new StoreLockedException("locked for writing by this test (%s)".formatted(data));
    }
    return new Lock(data, file, true);
  }

  /** A reader of a store whose writer is here too: a backup. It holds the guard. */
  @Override
  public synchronized StoreLock lockForReading(Path data) throws IOException {
    int file = number(data);
    try {
      while (guarded.contains(file)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    readers.merge(file, 1, Integer::sum);
    return new Lock(data, file, false);
  }

  private int number(Path path) throws IOException {
    Integer file = names.get(path);
    if (file == null) {
      throw new FileNotFoundException(path.toString());
    }
    return file;
  }

  private final class Lock implements StoreLock {
    private final Path path;
    private final int file;
    private final boolean writing;

    Lock(Path path, int file, boolean writing) {
      this.path = path;
      this.file = file;
      this.writing = writing;
    }

    @Override
    public boolean tryGuard() {
      synchronized (SimulatedFileSystem.this) {
        return !readers.containsKey(file) && guarded.add(file);
      }
    }

    @Override
    public void releaseGuard() {
      synchronized (SimulatedFileSystem.this) {
        guarded.remove(file);
        SimulatedFileSystem.this.notifyAll();
      }
    }

    @Override
    public void check() throws IOException {
      synchronized (SimulatedFileSystem.this) {
        Integer now = names.get(path);
        if (now == null || now != file) {
          throw new LostLockException(path + " was deleted or replaced");
        }
      }
    }

    @Override
    public void leaveNote() {}

    @Override
    public void close() {
      synchronized (SimulatedFileSystem.this) {
        if (writing) {
          locked.remove(file);
          releaseGuard();
        } else {
          readers.computeIfPresent(file, (_, n) -> n == 1 ? null : n - 1);
        }
      }
    }
  }

  /** An open file. */
  final class File implements StoreFile {
    private final int file;

    /** Whether it is the log of the store, and not of a backup: its force makes writes durable. */
    private final boolean isLog;

    private final boolean isBesideWriter;
    private boolean isClosed;

    File(int file, boolean isLog, boolean isBesideWriter) {
      this.file = file;
      this.isLog = isLog;
      this.isBesideWriter = isBesideWriter;
    }

    private FileContent content() throws IOException {
      if (isClosed) {
        throw new IOException("Stream Closed");
      }
      findStores();
      return files.get(file);
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      synchronized (SimulatedFileSystem.this) {
        content().read(to, position);
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      write(from, position, true);
    }

    /** A write that, if not {@code durably}, no force makes durable: for mutants. */
    void write(ByteBuffer from, long position, boolean durably) throws IOException {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      int length = bytes.length;
      if (length > 0
          && length <= FileContent.ZEROS.length
          && bytes[0] == 0
          && Arrays.equals(bytes, 0, length, FileContent.ZEROS, 0, length)) {
        bytes = FileContent.ZEROS;
      }
      synchronized (SimulatedFileSystem.this) {
        FileContent content = content();
        content.write(bytes, 0, length, position);
        for (PrivateMapping mapping : mapped()) {
          mapping.write(ByteBuffer.wrap(bytes, 0, length), position);
        }
        for (SharedMapping mapping : shared) {
          if (mapping.file == file) {
            mapping.write(ByteBuffer.wrap(bytes, 0, length), position);
          }
        }
        if (durably) {
          note(new Change.Write(file, position, bytes, length));
        }
      }
    }

    /** Mappings of this file, through whichever opening. */
    private List<PrivateMapping> mapped() {
      return mappings.entrySet().stream()
          .filter(entry -> entry.getKey().file == file)
          .flatMap(entry -> entry.getValue().stream())
          .toList();
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedFileSystem.this) {
        content();
        note(new Change.Force(file, isLog));
      }
    }

    /** Whether a write would need room on the medium, and not only overwrite. */
    boolean needsRoom(long position, int length) throws IOException {
      synchronized (SimulatedFileSystem.this) {
        return content().needsRoom(position, length);
      }
    }

    /** A force fails, and what it was to write is lost to the medium. */
    void failForce() throws IOException {
      synchronized (SimulatedFileSystem.this) {
        content();
        note(new Change.FailedForce(file));
      }
    }

    @Override
    public boolean isAt(Path path) {
      synchronized (SimulatedFileSystem.this) {
        Integer now = names.get(path);
        return now != null && now == file;
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedFileSystem.this) {
        return content().size();
      }
    }

    @Override
    public void resize(long bytes) throws IOException {
      synchronized (SimulatedFileSystem.this) {
        content().resize(bytes);
        mapped().forEach(mapping -> mapping.cut(bytes));
        note(new Change.Resize(file, bytes));
      }
    }

    @Override
    public void fillHoles(long position, long bytes) {
      // what was written is there: this medium makes no holes
    }

    @Override
    public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
      synchronized (SimulatedFileSystem.this) {
        if (isBesideWriter) {
          ByteBuffer content = ByteBuffer.allocate((int) bytes);
          content().read(content, position);
          PrivateMapping mapping = new PrivateMapping(content.flip(), position, arena);
          mappings.computeIfAbsent(this, _ -> new ArrayList<>()).add(mapping);
          return mapping.bytes();
        }
        MemorySegment copy = arena.allocate(bytes, 4096);
        content().read(copy.asByteBuffer(), position);
        return copy;
      }
    }

    @Override
    public @Nullable MemorySegment mapShared(long position, long bytes, Arena arena)
        throws IOException {
      synchronized (SimulatedFileSystem.this) {
        if (!isLogMapped) {
          return null;
        }
        byte[] memory = new byte[(int) bytes];
        content().read(ByteBuffer.wrap(memory), position);
        SharedMapping mapping = new SharedMapping(file, position, memory, arena);
        shared.add(mapping);
        return mapping.bytes();
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (SimulatedFileSystem.this) {
        isClosed = true;
        List<PrivateMapping> own = mappings.remove(this);
        if (own != null) {
          for (PrivateMapping mapping : own) {
            mapping.close();
          }
        }
      }
    }
  }
}
