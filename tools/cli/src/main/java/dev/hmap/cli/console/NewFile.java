package dev.hmap.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a file that must not exist: the whole of it, or none. */
public final class NewFile {
  /** What is written. */
  public interface Content {
    void writeTo(Output to) throws IOException;
  }

  private NewFile() {}

  /**
   * Writes it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is a file of that name
   */
  public static void write(Path path, Content content) throws IOException {
    OutputStream created = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW);
    boolean done = false;
    try (created) {
      Output to = new Output(path, created);
      content.writeTo(to);
      to.flush();
      to.check();
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(path); // a part of it could be taken for the whole
      }
    }
  }
}
