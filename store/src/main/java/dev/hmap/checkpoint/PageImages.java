package dev.hmap.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The images of a committed checkpoint's pages in the log, until they are put in place. */
public interface PageImages {
  /** Takes the images. */
  @FunctionalInterface
  interface Consumer {
    /** One page, from the buffer's position to its limit. */
    void accept(int page, ByteBuffer bytes) throws IOException;
  }

  /** Hands over every page but the header slot. */
  void forEachPage(Consumer consumer) throws IOException;

  /** Gives their slots back. */
  void release();
}
