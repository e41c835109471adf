package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.EndOfInput;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.report.InspectionText;
import dev.hmap.error.HMapException;
import dev.hmap.report.Inspection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a store again and again, and draws each look over the one before. Between two looks
 * nothing is open, so a writer's checkpoints pass.
 */
final class Watch {
  private static final long INTERVAL_MS = 500;
  private static final String HOME = "\033[H";
  private static final String CLEAR = "\033[2J";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";
  private static final String HIDE_CURSOR = "\033[?25l";
  private static final String SHOW_CURSOR = "\033[?25h";

  private final Path path;
  private final Output out;
  private @Nullable Inspection before;
  private long beforeNanos;

  Watch(Path path, Output out) {
    this.path = path;
    this.out = out;
  }

  /**
   * Until there is no more input; looks once after that.
   *
   * @throws HMapException if the first look fails; later that is shown, and it may pass
   */
  void run(EndOfInput end) {
    List<String> first = look();
    Thread onShutdown = new Thread(this::restore, "watch-cursor");
    Runtime.getRuntime().addShutdownHook(onShutdown);
    try {
      out.print(HIDE_CURSOR + CLEAR);
      draw(first);
      boolean isLast;
      do {
        end.await(INTERVAL_MS);
        isLast = end.isReached();
        draw(lookAgain());
      } while (!isLast);
    } finally {
      Runtime.getRuntime().removeShutdownHook(onShutdown);
      restore();
    }
  }

  private void restore() {
    out.print(SHOW_CURSOR);
    out.flush();
  }

  private List<String> lookAgain() {
    try {
      return look();
    } catch (HMapException e) { // it may be about to be closed, or replaced
      return List.of(path.getFileName() + ": " + Failures.line(e));
    }
  }

  private List<String> look() {
    Inspection now = HMapAdmin.glance(path);
    long nanos = System.nanoTime();
    List<String> lines = new ArrayList<>(InspectionText.glance(now));
    Inspection last = before;
    if (last != null) {
      double seconds = (nanos - beforeNanos) / 1e9;
      lines.add(
          "since then   %+,d entries, %,d records (%,.0f a second)"
              .formatted(
                  now.count() - last.count(),
                  now.logPositionSequence() - last.logPositionSequence(),
                  (now.logPositionSequence() - last.logPositionSequence()) / seconds));
    }
    before = now;
    beforeNanos = nanos;
    return lines;
  }

  private void draw(List<String> lines) {
    out.print(HOME);
    lines.forEach(line -> out.print(line + REST_OF_LINE + "\n"));
    out.print(REST_OF_SCREEN);
    out.flush();
    out.check();
  }
}
