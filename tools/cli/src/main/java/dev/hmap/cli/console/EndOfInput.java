package dev.hmap.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a command that goes on by itself when nobody is left who could tell it to end. */
public final class EndOfInput {
  private final CountDownLatch reached = new CountDownLatch(1);

  /** Reads an input to its end, on a thread of its own. */
  public EndOfInput(InputStream in) {
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("end-of-input")
            .start(() -> {
              try {
                in.skipNBytes(Long.MAX_VALUE);
              } catch (IOException _) {
                // no more can be read
              } finally {
                reached.countDown();
              }
            });
  }

  public boolean isReached() {
    return reached.getCount() == 0;
  }

  /** Waits for the end, but not longer than some time; an interrupt ends it too. */
  public void await(long millis) {
    try {
      if (reached.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      reached.countDown();
    }
  }
}
