package dev.hmap.event;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages for the application's log, through {@link System.Logger} {@code dev.hmap}.
 *
 * <p>A logger is code of the application's: it may throw, block, or write to the map that logs. So
 * it runs on a thread of its own, which there is only while there are messages; nobody waits for
 * it, and what it throws ends there. A message that finds no thread to be had is kept for the next
 * one. Thread-safe; no method throws.
 */
public final class Log {
  /** A logger that blocks must not fill the memory. */
  private static final int MAX_MESSAGES = 1000;

  /** What is to be logged. */
  private record Message(System.Logger.Level level, Supplier<String> text) {}

  private static final Queue<Message> MESSAGES = new ArrayDeque<>();

  /** Guarded by {@link #MESSAGES}. */
  private static boolean hasThread;

  private Log() {}

  /** A store does not work as it should. */
  public static void error(Supplier<String> text) {
    add(System.Logger.Level.ERROR, text);
  }

  /** A store works, and somebody should look after something. */
  public static void warn(Supplier<String> text) {
    add(System.Logger.Level.WARNING, text);
  }

  /** For who wants to know all. */
  public static void debug(Supplier<String> text) {
    add(System.Logger.Level.DEBUG, text);
  }

  private static void add(System.Logger.Level level, Supplier<String> text) {
    try {
      synchronized (MESSAGES) {
        if (MESSAGES.size() < MAX_MESSAGES) {
          MESSAGES.add(new Message(level, text));
        }
        if (!hasThread) {
          hasThread = true;
          startThread();
        }
      }
    } catch (Throwable _) {
      // no memory for a message, or no thread: what it tells, the caller's exception tells too
    }
  }

  private static void startThread() {
    boolean isStarted = false;
    try {
      Thread.ofPlatform().daemon().name("hmap-log").start(Log::logAll);
      isStarted = true;
    } finally {
      hasThread = isStarted;
    }
  }

  private static void logAll() {
    for (Message next = next(); next != null; next = next()) {
      try {
        System.getLogger("dev.hmap").log(next.level, next.text);
      } catch (Throwable _) {
        // of the application's logger, which nobody is left to tell
      }
    }
  }

  private static @Nullable Message next() {
    synchronized (MESSAGES) {
      Message next = MESSAGES.poll();
      hasThread = next != null;
      return next;
    }
  }
}
