package dev.hmap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.format.LogHead;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class LogFileTest {
  private int forces;

  /** A file of which the first force fails and all others succeed, as Linux does it. */
  private StoreFile failingOnce() {
    return (StoreFile)
        Proxy.newProxyInstance(
            StoreFile.class.getClassLoader(),
            new Class<?>[] {StoreFile.class},
            (_, method, _) -> {
              if (method.getName().equals("force") && ++forces == 1) {
                throw new IOException("Input/output error");
              }
              return method.getReturnType() == long.class ? 0L : null;
            });
  }

  @Test
  void aForceBehindOneThatFailedFailsWithoutBeingTried() throws IOException {
    LogFile log = LogFile.create(failingOnce(), new LogHead(2, 1), 0);
    assertThatThrownBy(log::force).hasRootCauseMessage("Input/output error");
    assertThatThrownBy(log::force)
        .isInstanceOf(IOException.class)
        .hasMessage("an earlier force failed")
        .hasRootCauseMessage("Input/output error");
    assertThat(forces).isEqualTo(1);
  }
}
