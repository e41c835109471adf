package dev.hmap.cli.rows;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The characters of all lines. A malformed line is reported when all before it were read. */
final class LinesReader extends Reader {
  private final Lines lines;
  private String line = "";
  private int at;
  private boolean atEnd;
  private boolean inQuotes;
  private boolean hasReturn;
  private @Nullable MalformedRowException malformed;

  LinesReader(Lines lines) {
    this.lines = lines;
  }

  @Override
  public int read(char[] to, int offset, int length) throws IOException {
    try {
      if (at == line.length()) {
        if (!lines.next()) {
          atEnd = true;
          return -1;
        }
        line = lines.whole();
        at = 0;
        inQuotes ^= (line.chars().filter(c -> c == '"').count() & 1) != 0;
        endRecord();
      }
    } catch (MalformedRowException e) {
      malformed = e;
      throw new IOException(e);
    }
    int n = Math.min(length, line.length() - at);
    line.getChars(at, at + n, to, offset);
    at += n;
    return n;
  }

  /**
   * FastCSV 4.1 passes over the line feed after a quoted field with a carriage return in it, as if
   * it were the one of a carriage return and a line feed; so a record with one gets both.
   */
  private void endRecord() {
    hasReturn |= line.indexOf('\r') >= 0;
    if (inQuotes || !line.endsWith("\n")) {
      return;
    }
    if (hasReturn && !line.endsWith("\r\n")) {
      line = line.substring(0, line.length() - 1) + "\r\n";
    }
    hasReturn = false;
  }

  /** Why reading ended, if it was a malformed line. */
  @Nullable MalformedRowException malformed() {
    return malformed;
  }

  /** Whether all was read, and a quote was left open. */
  boolean endsInQuotes() {
    return atEnd && inQuotes;
  }

  @Override
  public void close() {}
}
