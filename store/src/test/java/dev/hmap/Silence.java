package dev.hmap;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps the store's log of failures, which tests cause by the thousand, off the console, until the
 * last of them has ended.
 */
public final class Silence implements BeforeAllCallback, AfterAllCallback {
  private static final Logger LOGGER = Logger.getLogger("dev.hmap");
  private static int wanted;

  @Override
  public void beforeAll(ExtensionContext context) {
    begin();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end();
  }

  /** Nothing is logged from now on. */
  public static synchronized void begin() {
    if (wanted++ == 0) {
      LOGGER.setLevel(Level.OFF);
    }
  }

  /** All is logged again, unless somebody else wants silence. */
  public static synchronized void end() {
    if (--wanted == 0) {
      LOGGER.setLevel(null);
    }
  }
}
