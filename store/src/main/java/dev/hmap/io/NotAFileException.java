package dev.hmap.io;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What has the name is not a regular file: a folder, a link, a pipe, a device. */
public final class NotAFileException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /** Of what has the name {@code path}. */
  public NotAFileException(Path path) {
    super(path.toString(), null, "it is not a regular file");
  }
}
