package dev.hmap.crash;

import dev.hmap.format.FileNames;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Recovery;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What may stand in the folder of a store that a writer has opened after a crash. */
final class Leftovers {
  private static final int WORKSHOPS = 10;

  /** What the note of a workshop says. */
  private static final String NOTE =
      "hmap is making a file of %s here%n".formatted(Oracle.NAMES.data().getFileName());

  private static final List<Workshop> OF_STORE =
      workshops(Oracle.NAMES).map(Workshop::new).toList();

  private static final Set<Path> BACKED_UP =
      Runner.BACKUPS.stream().map(FileNames::data).collect(Collectors.toSet());

  private static final Set<Path> FOLDERS =
      Stream.concat(Stream.of(Oracle.NAMES), Runner.BACKUPS.stream())
          .flatMap(Leftovers::workshops)
          .collect(Collectors.toSet());

  /** Where a file of the store is made. */
  private record Workshop(Path folder, Path note, FileNames work) {
    Workshop(Path folder) {
      this(folder, folder.resolve("note"), new FileNames(folder.resolve("data")));
    }
  }

  private Leftovers() {}

  /**
   * Looks at all names.
   *
   * @throws AssertionError if there is one that nobody knows, the log of another store, or a
   *     workshop of this one: its note says so, or a file of the store has a name there
   */
  static void check(SimulatedFileSystem fileSystem) {
    StoreHeader header = Recovery.readHeader(fileSystem, Oracle.NAMES);
    Set<Path> ofStore =
        Set.of(Oracle.NAMES.data(), Oracle.NAMES.log(), Oracle.NAMES.failed(header.storeIdLow()));
    for (Path name : fileSystem.names()) {
      if (!ofStore.contains(name) && !BACKED_UP.contains(name) && !isInWorkshop(name)) {
        throw new AssertionError("%s was left behind".formatted(name));
      }
    }
    FileContent log = fileSystem.content(Oracle.NAMES.log());
    if (log != null && !LogHead.of(header).isIn(head(log))) {
      throw new AssertionError("the log is that of another store");
    }
    for (Workshop workshop : OF_STORE) {
      FileContent note = fileSystem.content(workshop.note);
      if (note != null && new String(note.bytes(), StandardCharsets.UTF_8).equals(NOTE)
          || fileSystem.areOneFile(workshop.work.data(), Oracle.NAMES.data())
          || fileSystem.areOneFile(workshop.work.log(), Oracle.NAMES.log())) {
        throw new AssertionError("the workshop %s was left behind".formatted(workshop.folder));
      }
    }
  }

  private static boolean isInWorkshop(Path name) {
    for (Path folder = name; folder != null; folder = folder.getParent()) {
      if (FOLDERS.contains(folder)) {
        return true;
      }
    }
    return false;
  }

  private static ByteBuffer head(FileContent log) {
    ByteBuffer head = ByteBuffer.allocate(LogHead.BYTES);
    try {
      log.read(head, 0);
    } catch (EOFException e) {
      throw new AssertionError("the log has no head", e);
    }
    return head.flip();
  }

  private static Stream<Path> workshops(FileNames names) {
    return IntStream.rangeClosed(1, WORKSHOPS).mapToObj(names::workshop);
  }
}
