package dev.hmap.edge;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Another process, which does what it is asked and answers before the next is asked. */
final class Child implements AutoCloseable {
  /** A user who is not the one that runs the tests. */
  static final int STRANGER = 65534;

  private static final List<String> AS_STRANGER =
      List.of("setpriv", "--reuid=" + STRANGER, "--regid=" + STRANGER, "--clear-groups");

  private static final List<String> LIBRARIES =
      List.of("disruptor", "hash4j", "HdrHistogram", "jspecify");

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;

  private Child(List<String> prefix, String classPath) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xlog:disable"); // its output are answers alone
    command.add("-Xlog:all=warning:stderr");
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(classPath);
    command.add(Work.class.getName());
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** One that may take so much memory beside its heap. */
  static Child withDirectMemory(String limit) throws IOException {
    return new Child(
        List.of("env", "JDK_JAVA_OPTIONS=-XX:MaxDirectMemorySize=" + limit),
        System.getProperty("java.class.path"));
  }

  /** One whose MBean server is what {@link ThrowingServerBuilder} makes. */
  static Child withThrowingServer() throws IOException {
    return new Child(
        List.of(
            "env",
            "JDK_JAVA_OPTIONS=-Djavax.management.builder.initial="
                + ThrowingServerBuilder.class.getName()),
        System.getProperty("java.class.path"));
  }

  /**
   * One whose root is a folder that is not a mount point and has no {@code /proc}.
   *
   * @param root that folder, which gets the classes it runs, empty
   */
  static Child inBareRoot(Path root) throws IOException, InterruptedException {
    requires("unshare");
    requires("chroot");
    if (new ProcessBuilder("unshare", "-m", "true").start().waitFor() != 0) {
      Assumptions.abort("nothing may be mounted here");
    }
    Path java = Path.of(System.getProperty("java.home"));
    StringBuilder script = new StringBuilder("set -e; ");
    for (Path needed : List.of(Path.of("/lib"), Path.of("/lib64"), Path.of("/usr/lib"), java)) {
      if (Files.exists(needed)) {
        Path within = Files.createDirectories(root.resolve(Path.of("/").relativize(needed)));
        script.append("mount --bind %s %s; ".formatted(needed, within));
      }
    }
    // what finds its libraries by /proc is told where they are
    script.append(
        "export LD_LIBRARY_PATH=%s; exec chroot %s \"$@\"".formatted(java.resolve("lib"), root));
    String classPath = copyClassPath(root).replace(root.toString(), "");
    return new Child(List.of("unshare", "-m", "sh", "-c", script.toString(), "sh"), classPath);
  }

  static Child start() throws IOException {
    return new Child(List.of(), System.getProperty("java.class.path"));
  }

  /** One whose files get every mode that it asks for. */
  static Child withoutMask() throws IOException {
    return new Child(
        List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"), System.getProperty("java.class.path"));
  }

  /**
   * One of another user.
   *
   * @param folder that other users may look into, which gets the classes it runs
   */
  static Child ofStranger(Path folder) throws IOException {
    requires("setpriv");
    return new Child(AS_STRANGER, copyClassPath(folder));
  }

  /** Asks; the answer must come within a minute, else what it does is taken to hang. */
  String ask(Object... words) {
    List<String> line = Stream.of(words).map(String::valueOf).toList();
    return Within.aMinute(
        "asked a process to " + String.join(" ", line),
        () -> {
          questions.write(String.join(" ", line));
          questions.newLine();
          questions.flush();
          String answer = answers.readLine();
          if (answer == null) {
            throw new IOException("the process ended with " + process.waitFor());
          }
          return answer;
        });
  }

  /** Asks for what must succeed. */
  void does(Object... words) {
    String answer = ask(words);
    if (!answer.equals("ok")) {
      throw new AssertionError(List.of(words) + ": " + answer);
    }
  }

  /**
   * One to which the system speaks German, and which may make files of this many KiB.
   *
   * @param locales where that language is
   */
  static Child inGerman(Path locales, int maxKib) throws IOException {
    return new Child(
        List.of(
            "sh",
            "-c",
            "ulimit -f %d; LOCPATH=%s LC_ALL=de_DE.UTF-8 exec \"$@\"".formatted(maxKib, locales),
            "sh"),
        System.getProperty("java.class.path"));
  }

  /** Limits the threads that the stranger may have. */
  void limitThreads(int limit) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(AS_STRANGER);
    command.addAll(List.of("prlimit", "--nproc=" + limit + ":", "--pid", "" + process.pid()));
    run(command.toArray());
  }

  @Override
  public void close() {
    kill();
  }

  /** Ends it where it stands. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  static void requires(String command) {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command))),
        command + " is not there");
  }

  /** Runs a command that must succeed. */
  static void run(Object... command) throws IOException, InterruptedException {
    List<String> words = Stream.of(command).map(String::valueOf).toList();
    requires(words.getFirst());
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(words + " ended with " + process.exitValue());
    }
  }

  /** The folder of the build may be closed to others. */
  private static String copyClassPath(Path folder) throws IOException {
    List<String> copied = new ArrayList<>();
    Path to = Files.createTempDirectory(folder, "classes");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      String name = from.getFileName().toString();
      boolean isFolder = !entry.isEmpty() && Files.isDirectory(from); // else this one
      if (isFolder || LIBRARIES.stream().anyMatch(name::contains)) {
        Path copy = to.resolve(copied.size() + "-" + name);
        copyTree(from, copy);
        copied.add(copy.toString());
      }
    }
    openToOthers(to);
    return String.join(File.pathSeparator, copied);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void openToOthers(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.toList()) {
        mode(file, Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--");
      }
    }
  }

  static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
