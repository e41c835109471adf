package dev.hmap.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Standard output or a file, in UTF-8 whatever the locale. A {@link PrintWriter} swallows every
 * {@link IOException}, so a full disk would go unseen: this one keeps the first for {@link #check},
 * and drops what is written after it.
 */
public final class Output extends PrintWriter {
  private final String name;
  private final Stream stream;

  /** Standard output. */
  public Output(OutputStream to) {
    this("standard output", new Stream(to));
  }

  /** A file, whose name stands in messages. */
  public Output(Path file, OutputStream to) {
    this(file.toString(), new Stream(to));
  }

  private Output(String name, Stream stream) {
    super(stream, false, StandardCharsets.UTF_8);
    this.name = name;
    this.stream = stream;
  }

  /** The output of a running command. */
  public static Output of(CommandSpec spec) {
    return (Output) spec.commandLine().getOut();
  }

  /** Writes a key and a value with a tab between. */
  public void line(String key, String value) {
    write(key);
    write('\t');
    write(value);
    write('\n');
  }

  /**
   * Goes on if what was written so far was taken, or is still in the buffer.
   *
   * @throws Failure if it was refused
   */
  public void check() {
    IOException failure = stream.failure;
    if (failure != null) {
      throw new Failure(name, failure);
    }
  }

  /** What was written was not taken. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String name, IOException cause) {
      super(name + ": " + cause.getMessage(), cause);
    }

    /** Whether nobody reads any more, as after {@code | head}. */
    public boolean isBrokenPipe() {
      Throwable cause = getCause();
      return cause != null
          && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }
  }

  private static final class Stream extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream to;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private @Nullable IOException failure;

    Stream(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) {
      if (buffered == buffer.length) {
        writeBuffer();
      }
      buffer[buffered++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (length > buffer.length - buffered) {
        writeBuffer();
      }
      if (length > buffer.length) {
        writeThrough(bytes, offset, length);
      } else {
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
      }
    }

    @Override
    public void flush() {
      writeBuffer();
    }

    private void writeBuffer() {
      writeThrough(buffer, 0, buffered);
      buffered = 0;
    }

    private void writeThrough(byte[] bytes, int offset, int length) {
      if (failure != null) {
        return;
      }
      try {
        to.write(bytes, offset, length);
        to.flush();
      } catch (IOException e) {
        failure = e;
      }
    }
  }
}
