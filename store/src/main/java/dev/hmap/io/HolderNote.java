package dev.hmap.io;

import dev.hmap.event.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file beside a store that is open for writing, which says by whom: for people, and for the
 * message to who finds it locked. No lock depends on it. Whatever else has its name is left alone,
 * and then there is no note.
 */
final class HolderNote {
  private static final String SUFFIX = "-lock";
  private static final String BEGINNING = "hmap lock: ";
  private static final int MAX_BYTES = 200;

  private final Path path;
  private final String text;

  private HolderNote(Path path, String text) {
    this.path = path;
    this.text = text;
  }

  private static Path pathFor(Path data) {
    return data.resolveSibling(data.getFileName() + SUFFIX);
  }

  /** Leaves a note beside a store that this process has locked; null if that cannot be. */
  static @Nullable HolderNote leave(Path data) {
    HolderNote note =
        new HolderNote(
            pathFor(data),
            "process %d since %s"
                .formatted(
                    ProcessHandle.current().pid(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    boolean isMade = false;
    boolean isWhole = false;
    try {
      if (read(note.path) != null) {
        Files.delete(note.path); // of one that held the lock before, and does no more
      }
      try (SeekableByteChannel file =
          Files.newByteChannel(
              note.path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        isMade = true;
        int _ =
            file.write(
                StandardCharsets.UTF_8.encode(BEGINNING + note.text + System.lineSeparator()));
      }
      FileAccess.of(data).giveTo(note.path);
      isWhole = true;
      return note;
    } catch (IOException e) {
      Log.debug(() -> "no note of who holds %s: %s".formatted(data, e));
      return null;
    } finally {
      if (isMade && !isWhole) {
        delete(note.path); // there was no room for the text: what is empty is nobody's
      }
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      Log.debug(() -> "%s stays behind: %s".formatted(path, e));
    }
  }

  /** Who holds the lock, as far as is known. */
  static String holderOf(Path data) {
    try {
      String text = read(pathFor(data));
      return text == null ? "another process" : text;
    } catch (IOException e) {
      return "another process, whose note cannot be read: " + Causes.of(e);
    }
  }

  /** What a note says; null if there is none of that name. */
  private static @Nullable String read(Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || links(path) > 1) {
      return null;
    }
    try (SeekableByteChannel file =
        Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // until it is full or the file ends
      }
      String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
      return text.startsWith(BEGINNING) ? text.substring(BEGINNING.length()) : null;
    }
  }

  private static int links(Path path) throws IOException {
    return FileAccess.isUnix(path)
        ? (Integer) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
        : 1;
  }

  /** Takes the note away, if it is still this one. The lock is still held. */
  void remove() {
    try {
      if (text.equals(read(path))) {
        Files.delete(path);
      }
    } catch (IOException e) {
      Log.debug(() -> "%s stays behind: %s".formatted(path, e));
    }
  }
}
