package dev.hmap.write;

/** Waiting for threads. */
final class Threads {
  private Threads() {}

  /** Waits until a thread has ended; an interrupt does not end the wait and is kept. */
  static void join(Thread other) {
    boolean interrupted = false;
    while (true) {
      try {
        other.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
