package dev.hmap.golden;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.FileNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Where the golden stores are: of each the data file and the log, zipped, and the listing. */
final class GoldenFiles {
  /** As seen from the module's folder, in which tests run. */
  static final Path FORMAT_SPEC = Path.of("..", "format-spec");

  /** What a store's files are called in memory. */
  static final FileNames NAMES = new FileNames(Path.of("/golden.hmap"));

  private static final Path FOLDER = FORMAT_SPEC.resolve("golden");

  private GoldenFiles() {}

  /** The stores there are. */
  static List<String> names() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".txt"))
          .map(f -> f.substring(0, f.length() - ".txt".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path data(String name) {
    return FOLDER.resolve(name + ".hmap.gz");
  }

  private static Path log(String name) {
    return FOLDER.resolve(name + ".hmap-log.gz");
  }

  private static Path listing(String name) {
    return FOLDER.resolve(name + ".txt");
  }

  static List<String> readListing(String name) {
    try {
      return Files.readAllLines(listing(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A store's files, in memory. */
  static MemoryFiles read(String name) {
    try {
      return inMemory(unzipped(data(name)), Files.exists(log(name)) ? unzipped(log(name)) : null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MemoryFiles inMemory(byte[] data, byte @Nullable [] log) {
    MemoryFiles files = new MemoryFiles();
    files.put(NAMES.data(), data);
    if (log != null) {
      files.put(NAMES.log(), log);
    }
    return files;
  }

  /** Makes or replaces a store. */
  static void write(String name, byte[] data, byte @Nullable [] log, List<String> listing) {
    try {
      Files.write(data(name), zipped(data));
      if (log == null) {
        Files.deleteIfExists(log(name));
      } else {
        Files.write(log(name), zipped(log));
      }
      Files.write(listing(name), listing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(to)) {
      zip.write(bytes);
    }
    return to.toByteArray();
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (GZIPInputStream zip =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return zip.readAllBytes();
    }
  }
}
