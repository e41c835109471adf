package dev.hmap.crash;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The bytes of one file. A {@link #fork} shares its pages until one side changes them, so that a
 * crash image costs what it changes. Not thread-safe.
 */
final class FileContent {
  /** Shared by all writes of nothing but zeros. */
  static final byte[] ZEROS = new byte[1 << 16];

  private static final int PAGE_BYTES = 4096;
  private static final byte[] ZERO_PAGE = new byte[PAGE_BYTES];

  /** Null is a page of zeros. */
  private byte[][] pages;

  /** Pages that no fork shares. */
  private final BitSet own = new BitSet();

  private long size;

  FileContent() {
    pages = new byte[16][];
  }

  private FileContent(byte[][] pages, long size) {
    this.pages = pages;
    this.size = size;
  }

  /** A copy. */
  FileContent fork() {
    own.clear();
    return new FileContent(pages.clone(), size);
  }

  long size() {
    return size;
  }

  void resize(long bytes) {
    if (bytes < size) {
      int keep = (int) ((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
      for (int i = keep; i < pages.length; i++) {
        pages[i] = null;
        own.clear(i);
      }
      int rest = (int) (bytes % PAGE_BYTES);
      if (rest > 0 && pages[keep - 1] != null) {
        Arrays.fill(owned(keep - 1), rest, PAGE_BYTES, (byte) 0);
      }
    }
    reach(bytes);
    size = bytes;
  }

  private void reach(long bytes) {
    int count = (int) ((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
    if (count > pages.length) {
      pages = Arrays.copyOf(pages, Math.max(count, 2 * pages.length));
    }
  }

  private byte[] owned(int page) {
    byte[] bytes = pages[page];
    if (bytes == null) {
      bytes = new byte[PAGE_BYTES];
    } else if (!own.get(page)) {
      bytes = bytes.clone();
    } else {
      return bytes;
    }
    pages[page] = bytes;
    own.set(page);
    return bytes;
  }

  /** Writes {@code length} of {@code from}, beginning at {@code at}. */
  @SuppressWarnings("ReferenceEquality") // the shared zeros themselves
  void write(byte[] from, int at, int length, long position) {
    reach(position + length);
    size = Math.max(size, position + length);
    int done = 0;
    while (done < length) {
      int page = (int) ((position + done) / PAGE_BYTES);
      int offset = (int) ((position + done) % PAGE_BYTES);
      int n = Math.min(length - done, PAGE_BYTES - offset);
      if (from == ZEROS && n == PAGE_BYTES) {
        pages[page] = ZERO_PAGE;
        own.clear(page);
      } else {
        System.arraycopy(from, at + done, owned(page), offset, n);
      }
      done += n;
    }
  }

  /** Whether a write would need room on the medium: whether there is a page never written. */
  boolean needsRoom(long position, int length) {
    for (long at = position / PAGE_BYTES; at * PAGE_BYTES < position + length; at++) {
      if (at >= pages.length || pages[(int) at] == null) {
        return true;
      }
    }
    return false;
  }

  void read(ByteBuffer to, long position) throws EOFException {
    if (position + to.remaining() > size) {
      throw new EOFException("the file ends at %,d".formatted(size));
    }
    long at = position;
    while (to.hasRemaining()) {
      byte[] page = pages[(int) (at / PAGE_BYTES)];
      int offset = (int) (at % PAGE_BYTES);
      int n = Math.min(to.remaining(), PAGE_BYTES - offset);
      to.put(page == null ? ZEROS : page, offset, n);
      at += n;
    }
  }

  /** All of it. */
  byte[] bytes() {
    byte[] all = new byte[(int) size];
    try {
      read(ByteBuffer.wrap(all), 0);
    } catch (EOFException e) {
      throw new IllegalStateException(e);
    }
    return all;
  }

  /** Whether both hold the same bytes. */
  boolean sameAs(FileContent other) {
    if (size != other.size) {
      return false;
    }
    for (int i = 0; i < (size + PAGE_BYTES - 1) / PAGE_BYTES; i++) {
      byte[] a = pages[i] == null ? ZERO_PAGE : pages[i];
      byte[] b = other.pages[i] == null ? ZERO_PAGE : other.pages[i];
      if (!Arrays.equals(a, b)) {
        return false;
      }
    }
    return true;
  }
}
