package dev.hmap.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Words for exceptions whose own message is only a file's name. */
final class Failures {
  private Failures() {}

  static String describe(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> f.getFile() + ": there is no such file";
      case AccessDeniedException f -> f.getFile() + ": permission denied";
      case FileSystemException f when f.getReason() == null -> f.getFile() + ": cannot be used";
      default -> String.valueOf(e.getMessage());
    };
  }
}
