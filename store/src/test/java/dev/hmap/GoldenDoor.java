package dev.hmap;

import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Recovery;
import java.nio.file.Path;
import java.time.InstantSource;

/** Lets the golden stores be made in memory, and be read as bytes. */
public final class GoldenDoor {
  private GoldenDoor() {}

  /** Opens a store for writing, under a clock. */
  public static <K, V> HMap<K, V> open(
      FileSystem fileSystem, Path path, Codec<K> keys, Codec<V> values, InstantSource time) {
    return HMap.at(path, keys, values).fileSystem(fileSystem).time(time).open();
  }

  /** What a store says of its keys and values. */
  public static Geometry geometry(FileSystem fileSystem, Path path) {
    return Recovery.readHeader(fileSystem, new FileNames(path)).geometry();
  }

  /** Opens a store for reading the bytes of its codecs, values behind their stamps. */
  public static HMap<byte[], byte[]> openToReadBytes(
      FileSystem fileSystem, Path path, InstantSource time) {
    return raw(fileSystem, path).time(time).readOnly().open();
  }

  /** The same for writing. */
  public static HMap<byte[], byte[]> openToWriteBytes(
      FileSystem fileSystem, Path path, InstantSource time) {
    return raw(fileSystem, path).time(time).open();
  }

  private static HMapBuilder<byte[], byte[]> raw(FileSystem fileSystem, Path path) {
    Geometry geometry = geometry(fileSystem, path);
    return HMap.at(
            path,
            new RawCodec(geometry.keyShape(), geometry.keyWidth()),
            new RawCodec(geometry.valueShape(), geometry.valueWidth()))
        .fileSystem(fileSystem)
        .raw(geometry.timeToLiveMillis());
  }
}
