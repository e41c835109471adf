package dev.hmap.cli.console;

import dev.hmap.error.HMapException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** One line and an exit code for whatever went wrong. */
public final class Failures {
  private Failures() {}

  /** The line, without the command's name. */
  public static String line(Exception e) {
    return firstLine(
        switch (e) {
          case HMapException _,
              UsageException _,
              IllegalArgumentException _,
              UnsupportedOperationException _,
              Output.Failure _ ->
              e.getMessage();
          case UncheckedIOException _ when e.getCause() instanceof IOException cause ->
              describe(cause);
          case IOException _ -> describe(e);
          default -> "this should not have happened: " + e;
        });
  }

  public static int exitCode(Exception e) {
    return switch (e) {
      case UsageException _, IllegalArgumentException _ -> ExitCode.USAGE;
      default -> ExitCode.REFUSED;
    };
  }

  /** Words for exceptions whose own message is only a file's name. */
  public static String describe(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> f.getFile() + ": there is no such file";
      case AccessDeniedException f -> f.getFile() + ": permission denied";
      case FileAlreadyExistsException f -> f.getFile() + " exists already";
      case FileSystemException f when f.getReason() == null -> f.getFile() + ": cannot be used";
      default -> String.valueOf(e.getMessage());
    };
  }

  public static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }
}
