package dev.hmap.crash;

import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Stands between a store and a simulated file system, and does one thing wrong. */
final class MutatingFileSystem implements FileSystem {
  private static final int HEADERS_END = 2 * 4096;

  private final SimulatedFileSystem inner;
  private final Mutant mutant;
  private final ThreadLocal<Phase> phases = ThreadLocal.withInitial(Phase::new);

  /** How far a thread is: a checkpoint's, or one that opens. */
  private static final class Phase {
    int dataForces;
    int logForces;
    boolean wrotePages;
  }

  MutatingFileSystem(SimulatedFileSystem inner, Mutant mutant) {
    this.inner = inner;
    this.mutant = mutant;
  }

  private static boolean isThread(String prefix) {
    return Thread.currentThread().getName().startsWith(prefix);
  }

  private static boolean isCheckpoint() {
    return isThread("hmap-checkpoint");
  }

  private static boolean isWriter() {
    return isThread("hmap-writer");
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    phases.remove();
    return new File((SimulatedFileSystem.File) inner.open(path, mode), path.toString());
  }

  @Override
  public boolean exists(Path path) {
    return inner.exists(path);
  }

  @Override
  public void delete(Path path) {
    inner.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    inner.rename(from, to);
  }

  @Override
  public void forceFolder(Path folder) {
    Mutant own;
    if (!isWriter()) {
      own = Mutant.CREATE_FORCE_FOLDER;
    } else if (inner.exists(Oracle.NAMES.log())) {
      own = Mutant.LOG_FORCE_FOLDER;
    } else {
      own = Mutant.CLOSE_FORCE_FOLDER;
    }
    if (own != mutant) {
      inner.forceFolder(folder);
    }
  }

  @Override
  public StoreLock lockForWriting(Path lockFile) {
    return inner.lockForWriting(lockFile);
  }

  @Override
  public StoreLock lockForReading(Path lockFile) {
    return inner.lockForReading(lockFile);
  }

  private final class File implements StoreFile {
    private final SimulatedFileSystem.File file;
    private final boolean isLog;
    private final boolean isFresh;
    private boolean hasRecords;

    File(SimulatedFileSystem.File file, String name) {
      this.file = file;
      this.isLog = name.endsWith("-log");
      this.isFresh = name.endsWith("-new");
    }

    @Override
    public void force() throws IOException {
      if (role() != mutant) {
        file.force();
      }
    }

    private Mutant role() {
      Phase phase = phases.get();
      if (isFresh) {
        return Mutant.CREATE_FORCE;
      }
      if (isCheckpoint()) {
        return checkpointRole(phase);
      }
      if (isThread("hmap-sync")) {
        return Mutant.SYNC_FORCE;
      }
      if (isWriter()) {
        return writerRole();
      }
      return recoveryRole(phase);
    }

    private Mutant checkpointRole(Phase phase) {
      if (isLog) {
        phase.logForces++;
        return Mutant.CHECKPOINT_FORCE_LOG;
      }
      phase.dataForces++;
      return switch (phase.dataForces) {
        case 1 -> Mutant.CHECKPOINT_FORCE_1;
        case 2 -> Mutant.CHECKPOINT_FORCE_2;
        default -> Mutant.CHECKPOINT_FORCE_3;
      };
    }

    private Mutant writerRole() {
      if (isLog) {
        if (!hasRecords) {
          return Mutant.LOG_FORCE;
        }
        return mutant == Mutant.SYNC_FORCE ? Mutant.SYNC_FORCE : Mutant.COMMIT_FORCE;
      }
      return inner.exists(Oracle.NAMES.log()) && !hasRecords
          ? Mutant.MARK_FORCE
          : Mutant.CLOSE_FORCE;
    }

    private Mutant recoveryRole(Phase phase) {
      if (isLog) {
        return phase.dataForces == 0 ? Mutant.RECOVERY_FORCE_IMAGES : Mutant.RECOVERY_FORCE_LOG;
      }
      phase.dataForces++;
      return phase.wrotePages && phase.dataForces == 1
          ? Mutant.RECOVERY_FORCE_PAGES
          : Mutant.RECOVERY_FORCE_DATA;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      Phase phase = phases.get();
      boolean isHeader = !isLog && !isFresh && position < HEADERS_END;
      boolean isPage = !isLog && !isFresh && !isHeader;
      phase.wrotePages |= isPage;
      hasRecords |= isLog && isWriter() && from.remaining() != FileContent.ZEROS.length;
      if (isHeader && mutant == Mutant.HEADER_SLOT_0) {
        file.write(from, 0);
      } else if (isCheckpoint()) {
        writeInCheckpoint(from, position, isHeader, isPage, phase.logForces > 0);
      } else {
        file.write(from, position);
      }
    }

    private void writeInCheckpoint(
        ByteBuffer from, long position, boolean isHeader, boolean isPage, boolean isCommitted)
        throws IOException {
      boolean durable =
          switch (mutant) {
            case FRESH_PAGES -> !isPage || isCommitted;
            case IMAGES -> !isLog;
            case HEADER_LOST -> !isHeader;
            default -> true;
          };
      if (mutant == Mutant.IN_PLACE_SKIPPED && isPage && isCommitted) {
        return;
      }
      file.write(from, position, durable);
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      file.read(to, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void resize(long bytes) throws IOException {
      file.resize(bytes);
    }

    @Override
    public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
      return file.map(position, bytes, arena);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
