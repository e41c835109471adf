package dev.hmap.crash;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the store's log of failures, which these tests cause by the thousand, off the console. */
final class Silence implements BeforeAllCallback, AfterAllCallback {
  private static final Logger LOGGER = Logger.getLogger("dev.hmap");

  @Override
  public void beforeAll(ExtensionContext context) {
    LOGGER.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOGGER.setLevel(null);
  }
}
