package dev.hmap.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder, removed when closed, and also when the JVM is asked to end. */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final boolean keep;
  private final Thread onShutdown = new Thread(this::delete, "folder-cleanup");

  /** Where temporary files are. */
  public TemporaryFolder(String prefix, boolean keep) throws IOException {
    this(Files.createTempDirectory(prefix), keep);
  }

  /** In another folder. */
  public TemporaryFolder(Path parent, String prefix) throws IOException {
    this(Files.createTempDirectory(parent, prefix), false);
  }

  private TemporaryFolder(Path path, boolean keep) {
    this.path = path;
    this.keep = keep;
    Runtime.getRuntime().addShutdownHook(onShutdown);
  }

  public Path path() {
    return path;
  }

  private void delete() {
    if (keep) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> childrenFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path p : childrenFirst) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onShutdown);
    delete();
  }
}
