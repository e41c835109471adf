package dev.hmap.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Readers beside the writers of one store: one that refreshes all the time; one that stands, while
 * the writer is closed, another killed, and the store recovered; one that opens while the writer
 * closes; and a process that refreshes until it is killed.
 */
final class Followers implements AutoCloseable {
  private final Path path;
  private HMap<String, String> standing;
  private Map<String, String> stood;
  private Refreshing refreshing;
  private FutureTask<HMap<String, String>> opening;
  private Process process;

  Followers(Path path) {
    this.path = path;
  }

  /** Of a writer that is open. */
  void begin() throws IOException {
    refreshing = new Refreshing(open());
    process = start();
  }

  /** Compares all that are open with what the writer has shown; the process dies. */
  void compare(Map<String, String> model) throws InterruptedException {
    refreshing.stop();
    try (HMap<String, String> map = refreshing.map) {
      map.refresh();
      assertThat(new HashMap<>(map)).as("a follower").isEqualTo(model);
    }
    assertThat(process.isAlive()).as("a follower in a process of its own").isTrue();
    process.destroyForcibly().waitFor();
  }

  /** From now on there is one that does not refresh. */
  void stand(Map<String, String> model) {
    standing = open();
    stood = new HashMap<>(model);
    assertThat(new HashMap<>(standing)).as("a follower that was just opened").isEqualTo(stood);
  }

  /** Compares the one that does not refresh, if there is one, and closes it. */
  void leave() {
    if (standing != null) {
      assertThat(new HashMap<>(standing)).as("a follower that stands").isEqualTo(stood);
      standing.close();
      standing = null;
    }
  }

  /** Begins to open one; the writer is about to close. */
  void open(int spins) {
    opening =
        new FutureTask<>(() -> {
          for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          return open();
        });
    Thread.ofPlatform().daemon().start(opening);
  }

  /** Compares what was opened while the writer closed. */
  void compareOpened(Map<String, String> model) throws InterruptedException, ExecutionException {
    try (HMap<String, String> map = opening.get()) {
      assertThat(new HashMap<>(map)).as("opened beside a closing writer").isEqualTo(model);
      map.refresh();
      assertThat(new HashMap<>(map)).as("and refreshed").isEqualTo(model);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    if (standing != null) {
      standing.close();
    }
  }

  private HMap<String, String> open() {
    return HMap.at(path, Codec.STRING, Codec.STRING).readOnly().open();
  }

  private Process start() throws IOException {
    Process started =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Followers.class.getName(),
                path.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    InputStream opened = started.getInputStream();
    assertThat(opened.read()).as("a follower's process has opened the store").isEqualTo('o');
    return started;
  }

  /** The process that is killed. Argument: path of the store. */
  public static void main(String[] args) {
    HMap<String, String> map = new Followers(Path.of(args[0])).open();
    System.out.print('o');
    System.out.flush();
    while (true) {
      map.refresh();
      var _ = map.get("key1");
    }
  }

  /** A thread that refreshes a map and reads from it. */
  private static final class Refreshing {
    final HMap<String, String> map;
    private final FutureTask<Long> task;
    private volatile boolean isStopped;

    Refreshing(HMap<String, String> map) {
      this.map = map;
      this.task = new FutureTask<>(this::run);
      Thread.ofPlatform().daemon().start(task);
    }

    private long run() {
      long read = 0;
      while (!isStopped) {
        map.refresh();
        read += map.entrySet().stream().limit(1_000).mapToLong(e -> e.getValue().length()).sum();
      }
      return read;
    }

    void stop() throws InterruptedException {
      isStopped = true;
      try {
        var _ = task.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a follower that refreshes: " + e.getCause(), e);
      }
    }
  }
}
