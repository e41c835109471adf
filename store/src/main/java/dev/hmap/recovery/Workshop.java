package dev.hmap.recovery;

import dev.hmap.error.StoreLockedException;
import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.LostLockException;
import dev.hmap.io.NotAFileException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A folder beside a store, which nobody else may enter, where a file is made that is to get its
 * name in one step once it is whole. A note in it says so. The note is locked while the work goes
 * on; so what a crash left behind can be distinguished from what is being made, and from what only
 * happens to have the folder's name, and that alone is removed.
 */
public final class Workshop implements AutoCloseable {
  private static final int MAX_NUMBER = 1_000;
  private static final long RETRY_NANOS = 1_000_000;
  private static final String NOTE = "note";
  private static final String WORK = "data";

  private final FileSystem fileSystem;
  private final Path folder;
  private final Path note;
  private final FileNames files;

  /** On the note, once there is one. */
  private @Nullable StoreLock lock;

  private Workshop(FileSystem fileSystem, Path folder) {
    this.fileSystem = fileSystem;
    this.folder = folder;
    this.note = folder.resolve(NOTE);
    this.files = new FileNames(folder.resolve(WORK));
  }

  /** Opens one for a store, which need not exist yet. */
  public static Workshop open(FileSystem fileSystem, FileNames names) throws IOException {
    removeLeft(fileSystem, names);
    byte[] text = text(names);
    for (int number = 1; number <= MAX_NUMBER; number++) {
      Workshop workshop = new Workshop(fileSystem, names.workshop(number));
      try {
        fileSystem.createFolder(workshop.folder);
      } catch (FileAlreadyExistsException _) {
        continue;
      }
      workshop.begin(text);
      return workshop;
    }
    throw new FileAlreadyExistsException(
        names.workshop(1).toString(),
        names.workshop(MAX_NUMBER).toString(),
        "all these names are taken");
  }

  private static byte[] text(FileNames names) {
    return "hmap is making a file of %s here%n"
        .formatted(names.data().getFileName())
        .getBytes(StandardCharsets.UTF_8);
  }

  private void begin(byte[] text) throws IOException {
    boolean isOpen = false;
    try (StoreFile file = fileSystem.open(note, Mode.CREATE)) {
      lock = lock(fileSystem, note);
      file.write(ByteBuffer.wrap(text), 0);
      isOpen = true;
    } finally {
      if (!isOpen) {
        close();
      }
    }
  }

  /** Whoever else looks at the note, and so has locked it, finds nothing in it and lets it go. */
  private static StoreLock lock(FileSystem fileSystem, Path note) throws IOException {
    while (true) {
      try {
        return fileSystem.lockForWriting(note);
      } catch (StoreLockedException _) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /**
   * Removes what crashes left behind of a store's, which is locked. They are found by their
   * numbers, so the highest goes first, durably, and none below one that somebody is at work in:
   * there is never a gap after which another would be overlooked.
   */
  public static void removeLeft(FileSystem fileSystem, FileNames names) throws IOException {
    int number = 0;
    while (fileSystem.exists(names.workshop(number + 1))) {
      number++;
    }
    for (; number > 0; number--) {
      Path folder = names.workshop(number);
      if (!removeIfLeft(fileSystem, folder, names)) {
        return;
      }
      if (number > 1 && !fileSystem.exists(folder)) {
        ForceFailedException.forceFolder(fileSystem, names.folder());
      }
    }
  }

  /** Removes a workshop if it was left behind; false if somebody is at work in it. */
  private static boolean removeIfLeft(FileSystem fileSystem, Path folder, FileNames names)
      throws IOException {
    Path note = folder.resolve(NOTE);
    try {
      if (!fileSystem.exists(note)) {
        if (holdsStore(fileSystem, folder, names)) {
          remove(fileSystem, folder, null);
        }
        return true;
      }
      StoreLock lock = fileSystem.lockForWriting(note);
      boolean isLeft = false;
      try {
        boolean holds =
            holds(fileSystem, note, text(names)) || holdsStore(fileSystem, folder, names);
        lock.check(); // it was the locked one that was read
        isLeft = holds;
      } finally {
        if (!isLeft) {
          lock.close();
        }
      }
      if (isLeft) {
        remove(fileSystem, folder, lock);
      }
      return true;
    } catch (StoreLockedException | LostLockException | NoSuchFileException _) {
      return false;
    } catch (AccessDeniedException _) {
      return true; // it is somebody else's
    }
  }

  private static boolean holds(FileSystem fileSystem, Path note, byte[] text) throws IOException {
    try (StoreFile file = fileSystem.open(note, Mode.READ)) {
      if (file.size() != text.length) {
        return false;
      }
      ByteBuffer found = ByteBuffer.allocate(text.length);
      file.read(found, 0);
      return found.flip().equals(ByteBuffer.wrap(text));
    }
  }

  /**
   * Whether the work in a folder is a file of the store, which had its name when a crash came. That
   * outlives a note that was torn or lost: the name is forced, the note is not.
   */
  private static boolean holdsStore(FileSystem fileSystem, Path folder, FileNames names)
      throws IOException {
    FileNames work = new FileNames(folder.resolve(WORK));
    return isOneFile(fileSystem, work.data(), names.data())
        || isOneFile(fileSystem, work.log(), names.log());
  }

  private static boolean isOneFile(FileSystem fileSystem, Path work, Path name) throws IOException {
    if (!fileSystem.exists(work) || !fileSystem.exists(name)) {
      return false;
    }
    try (StoreFile file = fileSystem.open(name, Mode.READ)) {
      return file.isAt(work);
    } catch (NotAFileException _) {
      return false;
    }
  }

  /**
   * Removes a folder and the work in it, its note last, which is locked if it was made. A workshop
   * within is part of the work, however far its own note had come.
   */
  private static void remove(FileSystem fileSystem, Path folder, @Nullable StoreLock lock)
      throws IOException {
    try (StoreLock _ = lock) {
      String within = new FileNames(folder.resolve(WORK)).workshop(1).getFileName().toString();
      for (Path child : fileSystem.list(folder)) {
        String name = child.getFileName().toString();
        if (name.startsWith(within)) {
          remove(fileSystem, child, null);
        } else if (name.startsWith(WORK)) {
          fileSystem.delete(child);
        }
      }
      fileSystem.delete(folder.resolve(NOTE));
      fileSystem.deleteFolder(folder);
    }
  }

  /** What is made here. */
  public FileNames files() {
    return files;
  }

  /** Has the note survive a power cut: for work that is long, and so large. */
  public void force() throws IOException {
    try (StoreFile file = fileSystem.open(note, Mode.READ_WRITE)) {
      ForceFailedException.force(file);
    }
    ForceFailedException.forceFolder(fileSystem, folder);
  }

  /** Removes it, with what was made and did not get another name. */
  @Override
  public void close() throws IOException {
    remove(fileSystem, folder, lock);
  }
}
