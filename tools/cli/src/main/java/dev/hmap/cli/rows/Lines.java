package dev.hmap.cli.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads lines of UTF-8, ended by LF or CRLF. A byte order mark at the beginning is skipped.
 *
 * <p>It splits bytes and decodes what is asked for: several times as fast as decoding lines.
 */
public final class Lines {
  /** A key and a value at their limits, both in hexadecimal, fit twice. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 18;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private boolean isAtEnd;

  private long line;
  private long bytesRead;
  private int start;
  private int end;

  public Lines(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line; false if there is none. */
  public boolean next() throws IOException, MalformedRowException {
    if (line == 0) {
      skipByteOrderMark();
    }
    int lineEnd = lineEnd();
    if (lineEnd < 0) {
      return false;
    }
    line++;
    start = position;
    end = lineEnd;
    position = Math.min(end + 1, limit);
    bytesRead += position - start;
    if (end < limit && end > start && buffer[end - 1] == '\r') {
      end--; // only before a line feed: at the end of the file it is a character like others
    }
    return true;
  }

  /** The number of the line, from 1. */
  long line() {
    return line;
  }

  /** Bytes of all lines so far. */
  long bytesRead() {
    return bytesRead;
  }

  /** Bytes of the line, without what ends it. */
  public int length() {
    return end - start;
  }

  /** Where in the line an ASCII character stands first, -1 if it does not. */
  int indexOf(char c) {
    for (int i = start; i < end; i++) {
      if (buffer[i] == c) {
        return i - start;
      }
    }
    return -1;
  }

  /** The bytes of the line from one place up to another, decoded. */
  public String text(int from, int to) throws MalformedRowException {
    return decode(start + from, start + to);
  }

  /** The line with what ends it, decoded. */
  String whole() throws MalformedRowException {
    return decode(start, position);
  }

  /** Strict, and yet as fast as the lenient decoder, which marks what it cannot decode. */
  private String decode(int from, int to) throws MalformedRowException {
    String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(buffer, from, to - from))
            .toString();
      } catch (CharacterCodingException _) {
        throw new MalformedRowException(line, " is not valid UTF-8");
      }
    }
    return text;
  }

  /** Where the line at {@code position} ends: its line feed, or the end; -1 if there is no line. */
  private int lineEnd() throws IOException, MalformedRowException {
    int scanned = position;
    while (true) {
      for (int i = scanned; i < limit; i++) {
        if (buffer[i] == '\n') {
          return i;
        }
      }
      int unread = limit - position;
      if (isAtEnd) {
        return unread == 0 ? -1 : limit;
      }
      fill();
      scanned = position + unread;
    }
  }

  private void fill() throws IOException, MalformedRowException {
    int unread = limit - position;
    if (unread >= MAX_LINE_BYTES) {
      throw new MalformedRowException(
          line + 1, " has more than %,d bytes".formatted(MAX_LINE_BYTES));
    }
    byte[] to = unread > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, position, to, 0, unread);
    buffer = to;
    position = 0;
    int n = in.read(buffer, unread, buffer.length - unread);
    isAtEnd = n < 0;
    limit = unread + Math.max(n, 0);
  }

  private void skipByteOrderMark() throws IOException, MalformedRowException {
    while (limit - position < BYTE_ORDER_MARK.length && !isAtEnd) {
      fill();
    }
    int behind = Math.min(position + BYTE_ORDER_MARK.length, limit);
    if (Arrays.equals(Arrays.copyOfRange(buffer, position, behind), BYTE_ORDER_MARK)) {
      position = behind;
      bytesRead = BYTE_ORDER_MARK.length;
    }
  }
}
