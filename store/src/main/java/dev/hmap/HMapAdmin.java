package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.maintenance.Backup;
import dev.hmap.maintenance.Compactor;
import dev.hmap.maintenance.Inspector;
import dev.hmap.maintenance.LogTail;
import dev.hmap.maintenance.Salvager;
import dev.hmap.maintenance.Verifier;
import dev.hmap.recovery.Recovery;
import dev.hmap.report.Compaction;
import dev.hmap.report.Inspection;
import dev.hmap.report.Location;
import dev.hmap.report.Salvage;
import dev.hmap.report.Shapes;
import dev.hmap.report.Verification;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongConsumer;

/**
 * Maintenance of store files without their codecs: inspect, verify, back up, compact, salvage.
 * Stateless and thread-safe.
 */
public final class HMapAdmin {
  private HMapAdmin() {}

  /**
   * The codecs that a store remembers. Takes no lock and may be asked of a store that is open.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Shapes shapes(Path path) {
    return Uninterruptibly.call(
        "hmap-shapes",
        () -> {
          Geometry geometry = Recovery.readHeader(FileSystem.REAL, names(path)).geometry();
          return new Shapes(geometry.keyShape(), geometry.valueShape());
        });
  }

  /**
   * Looks at a store without changing it. One that was killed is shown as opening it would make it;
   * one that is open in another process, as it was at some moment during the call.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Inspection inspect(Path path) {
    return Uninterruptibly.call("hmap-inspect", inspector(path)::inspect);
  }

  /**
   * The same without a look at chains and entries, and so fast at any size: {@link
   * Inspection#census} is empty.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Inspection glance(Path path) {
    return Uninterruptibly.call("hmap-inspect", inspector(path)::glance);
  }

  /**
   * Where a key is in the file, or would be looked for. Changes nothing, and shows the store as
   * {@link #inspect} does.
   *
   * @param key its bytes, as the store's codec encodes it
   * @throws IllegalArgumentException if the store's keys are of another width
   * @throws HMapException if there is no readable store at the path
   */
  public static Location where(Path path, byte[] key) {
    return Uninterruptibly.call("hmap-inspect", () -> inspector(path).where(key));
  }

  /**
   * The records of a store's log, which can be read on as more are written. Opens nothing yet.
   *
   * @param path of a store
   */
  public static LogRecords log(Path path) {
    return new LogRecords(new LogTail(FileSystem.REAL, names(path)));
  }

  private static Inspector inspector(Path path) {
    return new Inspector(FileSystem.REAL, path);
  }

  private static FileNames names(Path path) {
    return Recovery.names(FileSystem.REAL, path);
  }

  /**
   * Checks every checksum and the whole structure of a store, without changing it.
   *
   * @param path of a store; one that is open in another process waits meanwhile with its
   *     checkpoints
   * @param progress is called now and then with the number of pages checked; on a thread of hmap's
   *     own
   * @throws HMapException if there is no readable file
   */
  public static Verification verify(Path path, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-verify",
        () -> new Verification(Verifier.verify(FileSystem.REAL, names(path), progress)));
  }

  /**
   * Writes what is provably intact of a damaged store into a new one, and says what was lost. What
   * lies on a page with a wrong checksum, or is reached only through one, counts as lost. The log
   * is followed to its first record that is torn or damaged.
   *
   * @param path of the damaged store, which is not changed; one that is open in another process
   *     waits meanwhile with its checkpoints
   * @param fresh where no file is
   * @param progress is called now and then with the number of entries and operations copied; on a
   *     thread of hmap's own
   * @throws HMapException if there is no sound header with a sound directory, or the new store
   *     cannot be written
   */
  public static Salvage salvage(Path path, Path fresh, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-salvage", () -> Salvager.run(FileSystem.REAL, names(path), names(fresh), progress));
  }

  /**
   * Copies a store as it is at one point of its writes, which is not before the call. It may be in
   * use: writes go on meanwhile, checkpoints wait while the files are copied. The copy is a store
   * of its own, and closed.
   *
   * @param path of a store
   * @param target where no file is
   * @param progress is called now and then with the number of bytes copied; on a thread of hmap's
   *     own
   * @throws HMapException if the store cannot be read or the copy not be written
   */
  public static void backup(Path path, Path target, LongConsumer progress) {
    Uninterruptibly.run(
        "hmap-backup", () -> Backup.run(FileSystem.REAL, names(path), names(target), progress));
  }

  /**
   * Rewrites a store into a new file, right-sized and without free space, and puts that in the old
   * one's place in one step. A crash at any moment leaves the old store or the new one. Needs room
   * for both.
   *
   * @param path of a store that nobody has open
   * @param progress is called now and then with the number of entries copied; on a thread of hmap's
   *     own
   * @throws HMapException if the store cannot be locked or read, or there is no room
   */
  public static Compaction compact(Path path, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-compact",
        () -> new Compactor(FileSystem.REAL, names(path), InstantSource.system()).run(progress));
  }
}
