package dev.hmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Folders in memory, where the machine has them: for tests that make and force many stores. */
public final class FastFolder implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** For JUnit. */
  public FastFolder() {}

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "hmap")
        : Files.createTempDirectory("hmap");
  }
}
