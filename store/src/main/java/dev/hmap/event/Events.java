package dev.hmap.event;

import java.util.function.Function;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Makes events, but none as long as Flight Recorder was never started in this JVM. Without it an
 * event would be without effect, and the first one would take a tenth of a second to load Flight
 * Recorder's own classes. Any thread.
 */
public final class Events {
  private Events() {}

  /** Whether there is any use in making an event. */
  public static boolean areOn() {
    return FlightRecorder.isInitialized();
  }

  /**
   * Begins an event that is to be committed by the same thread.
   *
   * @param event makes it
   * @param store path of the data file
   * @return null if there is no use in making it
   */
  public static <E extends StoreEvent> @Nullable E begin(Function<String, E> event, String store) {
    if (!areOn()) {
      return null;
    }
    E begun = event.apply(store);
    begun.begin();
    return begun;
  }
}
