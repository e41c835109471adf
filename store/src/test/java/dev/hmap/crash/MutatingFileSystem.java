package dev.hmap.crash;

import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Stands between a store and a simulated file system, and does one thing wrong. */
final class MutatingFileSystem extends ForwardingFileSystem {
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
    super(inner);
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
    return new File((SimulatedFileSystem.File) inner.open(path, mode), path);
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

  private final class File extends ForwardingStoreFile {
    private final SimulatedFileSystem.File file;
    private final boolean isLog;
    private final boolean isFresh;
    private boolean hasRecords;

    File(SimulatedFileSystem.File file, Path path) {
      super(file);
      this.file = file;
      this.isLog = path.toString().endsWith("-log");
      this.isFresh = !path.equals(Oracle.NAMES.data()) && !isLog;
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
  }
}
