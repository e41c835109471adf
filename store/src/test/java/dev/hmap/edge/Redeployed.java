package dev.hmap.edge;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process in which an application uses a store and goes, while the pool of its threads stays:
 * ends with 0 if its classes go too, at the latest when memory is short.
 */
final class Redeployed {
  private Redeployed() {}

  /** With the path of a store to be. */
  public static void main(String[] args) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
      WeakReference<ClassLoader> application = pool.submit(() -> use(Path.of(args[0]))).get();
      fillMemory();
      boolean isThere = pool.submit(() -> application.get() != null).get();
      System.exit(isThere ? 1 : 0);
    }
  }

  private static WeakReference<ClassLoader> use(Path path) throws Exception {
    try (SecondLoader loader = new SecondLoader()) {
      for (String line : List.of("open m " + path, "put m 1 a", "putAsync m 2 b", "close m")) {
        String answer = loader.ask(line);
        if (!answer.equals("ok")) {
          throw new AssertionError(line + ": " + answer);
        }
      }
      return new WeakReference<>(loader.loader());
    }
  }

  /** What is referred to softly goes before there is no memory. */
  private static void fillMemory() {
    Object[] all = {};
    try {
      while (true) {
        all = new Object[] {new byte[1 << 20], all};
      }
    } catch (OutOfMemoryError e) {
      all = null; // a frame keeps what its variables hold, and a message needs memory too
      System.out.println("the memory is full: " + e.getMessage());
    }
  }
}
