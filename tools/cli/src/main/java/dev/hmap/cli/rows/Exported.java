package dev.hmap.cli.rows;

import dev.hmap.cli.console.Output;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What was printed of a store.
 *
 * @param entries how many
 * @param warning what the user should know about them, null if it is nothing
 */
public record Exported(long entries, @Nullable String warning) {

  /**
   * Prints entries, in no order.
   *
   * @param most no more than this many
   * @param progress is called after each with their number
   * @throws Output.Failure if they cannot be written
   */
  public static <K, V> Exported run(
      OpenStore<K, V> store, Format format, Output to, long most, LongConsumer progress)
      throws IOException {
    Printer<K, V> printer = Printer.of(format, store.keys(), store.values(), to);
    long printed = 0;
    if (most > 0) {
      for (Map.Entry<K, V> e : store.map().entrySet()) {
        to.check();
        printer.print(e.getKey(), e.getValue());
        progress.accept(++printed);
        if (printed == most) {
          break;
        }
      }
    }
    printer.finish();
    to.flush();
    return new Exported(printed, printer.warning());
  }
}
