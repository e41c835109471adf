package dev.hmap.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is on the medium, and what a power cut may still take away. Follows a journal, one entry at
 * a time, and makes the image that a crash at that point leaves.
 *
 * <p>The medium, as assumed: a sector of 512 bytes is written or not; a write that was not forced
 * may also leave garbage, but only in the bytes it was to write (powersafe overwrite, as SQLite
 * calls it); names change one operation at a time, a rename as a whole. Nothing is assumed about
 * the order in which un-forced pieces arrive. Not thread-safe.
 */
final class Disk {
  static final int SECTOR_BYTES = 512;

  /** What becomes of a piece. */
  enum Fate {
    /** It is there. */
    KEEP('K'),
    /** It is not. */
    DROP('D'),
    /** Some of its sectors are there. */
    TEAR('T'),
    /** Some of its sectors are there, some are garbage. */
    GARBLE('G');

    final char letter;

    Fate(char letter) {
      this.letter = letter;
    }
  }

  private final Map<Integer, FileContent> files = new HashMap<>();
  private final Map<Path, Integer> names = new TreeMap<>();

  /** Folders beside the store, and those that ever were. */
  private final Set<Path> folders = new TreeSet<>();

  private final Set<Path> known = new TreeSet<>();
  private final List<Change.Piece> pending = new ArrayList<>();

  /** A copy. */
  Disk fork() {
    Disk copy = new Disk();
    files.forEach((file, content) -> copy.files.put(file, content.fork()));
    copy.names.putAll(names);
    copy.folders.addAll(folders);
    copy.known.addAll(known);
    copy.pending.addAll(pending);
    return copy;
  }

  Map<Integer, FileContent> files() {
    return files;
  }

  Map<Path, Integer> names() {
    return names;
  }

  Set<Path> folders() {
    return folders;
  }

  /** The pieces that are not durable. */
  List<Change.Piece> pending() {
    return pending;
  }

  /** Whether a file has taken another's name, and that is not durable. */
  boolean isReplaced() {
    return pending.stream().anyMatch(Change.Rename.class::isInstance);
  }

  /** Goes on by one entry of the journal. */
  void follow(Change change) {
    switch (change) {
      case Change.Piece piece -> {
        if (piece instanceof Change.Create create) {
          files.putIfAbsent(create.file(), new FileContent());
        } else if (piece instanceof Change.CreateFolder folder) {
          known.add(folder.path());
        }
        pending.add(piece);
      }
      case Change.Force force ->
          pending.removeIf(piece -> {
            boolean own = isOf(piece, force.file());
            if (own) {
              apply(piece);
            }
            return own;
          });
      case Change.FailedForce force -> pending.removeIf(piece -> isOf(piece, force.file()));
      case Change.ForceFolder force ->
          pending.removeIf(piece -> {
            boolean own = isIn(piece, force.path());
            if (own) {
              apply(piece);
            }
            return own;
          });
      case Change.Mark _ -> {}
    }
  }

  private static boolean isOf(Change.Piece piece, int file) {
    return switch (piece) {
      case Change.Write write -> write.file() == file;
      case Change.Resize resize -> resize.file() == file;
      default -> false;
    };
  }

  private static boolean isIn(Change.Piece piece, Path folder) {
    Path name =
        switch (piece) {
          case Change.Write _, Change.Resize _ -> null;
          case Change.Create create -> create.path();
          case Change.Delete delete -> delete.path();
          case Change.Rename rename -> rename.to();
          case Change.CreateFolder create -> create.path();
          case Change.DeleteFolder delete -> delete.path();
        };
    return name != null && folder.equals(name.toAbsolutePath().getParent());
  }

  private void apply(Change.Piece piece) {
    switch (piece) {
      case Change.CreateFolder c -> folders.add(c.path());
      case Change.DeleteFolder d -> folders.remove(d.path());
      case Change.Write w -> files.get(w.file()).write(w.bytes(), 0, w.length(), w.position());
      case Change.Resize r -> files.get(r.file()).resize(r.bytes());
      case Change.Create c -> names.put(c.path(), c.file());
      case Change.Delete d -> names.remove(d.path());
      case Change.Rename r -> {
        names.remove(r.from());
        names.put(r.to(), r.file());
      }
    }
  }

  /** What is there once every piece has the fate given for it; nothing is pending then. */
  Disk image(Fate[] fates, long seed) {
    Disk image = fork();
    image.pending.clear();
    for (int i = 0; i < fates.length; i++) {
      Change.Piece piece = pending.get(i);
      switch (fates[i]) {
        case KEEP -> image.apply(piece);
        case DROP -> {}
        case TEAR, GARBLE -> {
          if (piece instanceof Change.Write write) {
            image.tear(write, fates[i] == Fate.GARBLE, new Random(seed + i));
          } else {
            image.apply(piece);
          }
        }
      }
    }
    image.names.keySet().removeIf(path -> image.isLost(path.getParent()));
    return image;
  }

  /** Whether a folder is not there, and with it what it held. */
  private boolean isLost(Path folder) {
    return known.contains(folder) && !folders.contains(folder);
  }

  private void tear(Change.Write w, boolean garble, Random random) {
    FileContent content = files.get(w.file());
    int done = 0;
    while (done < w.length()) {
      int n = SECTOR_BYTES - (int) ((w.position() + done) % SECTOR_BYTES);
      n = Math.min(n, w.length() - done);
      int dice = random.nextInt(garble ? 3 : 2);
      if (dice == 1) {
        content.write(w.bytes(), done, n, w.position() + done);
      } else if (dice == 2) {
        byte[] garbage = new byte[n];
        random.nextBytes(garbage);
        content.write(garbage, 0, n, w.position() + done);
      }
      done += n;
    }
  }

  /** As the death of the process alone leaves it: everything is there. */
  Disk settled() {
    Fate[] all = new Fate[pending.size()];
    Arrays.fill(all, Fate.KEEP);
    return image(all, 0);
  }
}
