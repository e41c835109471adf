package dev.hmap.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a run of the command did.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it printed on standard error
 */
record Cli(int code, String out, String err) {

  /** Runs the command in this process; arguments may be of any type. */
  static Cli run(Object... args) {
    return runWithInput(new byte[0], args);
  }

  static Cli runWithInput(byte[] in, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    int code = Main.run(new ByteArrayInputStream(in), out, err, words);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Whether standard error holds exactly one line, and that is the command's own. */
  boolean saysOneLine() {
    return err.startsWith("hmap: ") && err.indexOf('\n') == err.length() - 1;
  }

  Stream<String> lines() {
    return out.lines();
  }
}
