package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is made beside a store, or in its place, is as open to others as the store is. */
class FileAccessTest {
  @TempDir Path folder;
  private Path model;
  private Path file;

  @BeforeEach
  void makeFiles() throws IOException {
    assumeTrue(FileAccess.isPosix(folder));
    model = Files.createFile(folder.resolve("model"));
    file = Files.createFile(folder.resolve("file"));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aFileIsGivenThePermissionsOfAnother() throws IOException {
    permit(model, "rw-r-----");
    permit(file, "rwxrwxrwx");
    FileAccess.of(model).giveTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void whatWasLookedAtIsGivenThoughItHasChangedSince() throws IOException {
    permit(model, "rw-------");
    FileAccess before = FileAccess.of(model);
    permit(model, "rw-rw-rw-");
    before.giveTo(file);
    assertThat(FileAccess.of(file)).isEqualTo(before).isNotEqualTo(FileAccess.of(model));
  }
}
