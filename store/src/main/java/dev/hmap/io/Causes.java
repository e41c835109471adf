package dev.hmap.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for exceptions: those of {@code java.nio.file} have a file's name for a message. */
public final class Causes {
  private Causes() {}

  /** What went wrong, with the file's name if the exception has one. */
  public static String of(IOException e) {
    if (!(e instanceof FileSystemException of) || of.getReason() != null) {
      String message = e.getMessage();
      return message == null ? e.getClass().getSimpleName() : message;
    }
    String what =
        switch (of) {
          case AccessDeniedException _ -> "permission denied";
          case NoSuchFileException _ -> "there is no such file or folder";
          case FileAlreadyExistsException _ -> "it exists already";
          case NotDirectoryException _ -> "it is not a folder";
          case FileSystemLoopException _ -> "its links lead in a circle";
          default -> of.getClass().getSimpleName();
        };
    return of.getFile() == null ? what : of.getFile() + ": " + what;
  }
}
