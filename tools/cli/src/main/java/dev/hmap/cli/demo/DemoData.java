package dev.hmap.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the demo stores, the same in its writing and its checking process: the classes of the
 * running JDK, in the order of their names, and as many longs as one likes.
 */
public final class DemoData {
  public static final String CLASSES_FILE = "classes.hmap";
  public static final String LONGS_FILE = "longs.hmap";

  private static final Path MODULES =
      FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");

  private DemoData() {}

  /** Names like {@code java.base/java/lang/String.class}. */
  public static List<String> classNames(int most) {
    try (Stream<Path> files = Files.walk(MODULES)) {
      return files
          .map(p -> MODULES.relativize(p).toString())
          .filter(name -> name.endsWith(".class"))
          .sorted()
          .limit(most)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] classBytes(String name) {
    try {
      return Files.readAllBytes(MODULES.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of a key: the mixing function of Java's {@code SplittableRandom}. */
  public static long valueOf(long key) {
    long z = key * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /**
   * The last doubling that this many entries bring to its end: {@code B} of the array it leaves. It
   * begins above 6.5 entries for each of 2^B root buckets and takes at most 2^B writes.
   */
  static int lastDoubling(long entries) {
    int b = 0;
    while (15L << b <= entries) { // 7.5 * 2^(b+1)
      b++;
    }
    return b;
  }

  /** Entries that an array of 2^b root buckets holds before it doubles. */
  static long capacity(int b) {
    return 13L << b >> 1; // 6.5 * 2^b
  }
}
