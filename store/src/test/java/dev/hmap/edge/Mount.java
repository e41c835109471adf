package dev.hmap.edge;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** File systems for one test, where any may be mounted. */
final class Mount {
  private Mount() {}

  /** Runs {@code mount}; where that is not allowed, the test is not run. */
  static void mount(Object... arguments) throws InterruptedException {
    Object[] command = new Object[arguments.length + 1];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Child.run(command);
    } catch (IOException e) {
      Assumptions.abort("nothing may be mounted here: " + e.getMessage());
    }
  }

  /** Undoes it, if it was done. */
  static void unmount(Path folder) throws IOException, InterruptedException {
    int _ = new ProcessBuilder("umount", folder.toString()).start().waitFor();
  }
}
