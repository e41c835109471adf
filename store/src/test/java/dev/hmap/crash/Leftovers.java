package dev.hmap.crash;

import dev.hmap.format.FileNames;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Recovery;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What may stand in the folder of a store that a writer has opened after a crash. */
final class Leftovers {
  private static final int BACKUPS = 100;
  private static final int WORKSHOPS = 10;

  /** What the note of a workshop says. */
  private static final String NOTE =
      "hmap is making a file of %s here%n".formatted(Oracle.NAMES.data().getFileName());

  private Leftovers() {}

  /**
   * Looks at all names.
   *
   * @throws AssertionError if there is one that nobody knows, the log of another store, or a
   *     workshop of this one: its note says so, or a file of the store has a name there
   */
  static void check(SimulatedFileSystem fileSystem) {
    Set<Path> known = new HashSet<>();
    known.add(Oracle.NAMES.data());
    known.add(Oracle.NAMES.log());
    StoreHeader header = Recovery.readHeader(fileSystem, Oracle.NAMES);
    known.add(Oracle.NAMES.failed(header.storeIdLow()));
    Set<Path> workshops = new HashSet<>(workshops(Oracle.NAMES));
    for (int i = 0; i < BACKUPS; i++) {
      known.add(Runner.backup(i).data());
      workshops.addAll(workshops(Runner.backup(i)));
    }
    for (Path name : fileSystem.names()) {
      if (!known.contains(name) && workshops.stream().noneMatch(name::startsWith)) {
        throw new AssertionError("%s was left behind".formatted(name));
      }
    }
    FileContent log = fileSystem.content(Oracle.NAMES.log());
    if (log != null && !LogHead.of(header).isIn(head(log))) {
      throw new AssertionError("the log is that of another store");
    }
    for (Path workshop : workshops(Oracle.NAMES)) {
      FileContent note = fileSystem.content(workshop.resolve("note"));
      FileNames work = new FileNames(workshop.resolve("data"));
      if (note != null && new String(note.bytes(), StandardCharsets.UTF_8).equals(NOTE)
          || fileSystem.areOneFile(work.data(), Oracle.NAMES.data())
          || fileSystem.areOneFile(work.log(), Oracle.NAMES.log())) {
        throw new AssertionError("the workshop %s was left behind".formatted(workshop));
      }
    }
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

  private static List<Path> workshops(FileNames names) {
    return IntStream.rangeClosed(1, WORKSHOPS).mapToObj(names::workshop).toList();
  }
}
