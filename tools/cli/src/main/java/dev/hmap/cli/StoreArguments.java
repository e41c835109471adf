package dev.hmap.cli;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.text.Text;
import dev.hmap.report.Shapes;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The store that a command is about, and ways to open it whatever its codecs are. */
final class StoreArguments {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store's data file.")
  private Path path;

  Path path() {
    return path;
  }

  /** Opens the store, which must exist, for reading. */
  OpenStore<?, ?> openForReading() {
    Shapes shapes = HMapAdmin.shapes(path);
    return openForReading(Text.of(shapes.key()), Text.of(shapes.value()));
  }

  private <K, V> OpenStore<K, V> openForReading(Text<K> keys, Text<V> values) {
    return new OpenStore<>(at(keys.codec(), values.codec()).readOnly().open(), keys, values);
  }

  /** Opens the store, which must exist, for writing. */
  OpenStore<?, ?> openForWriting() {
    Shapes shapes = HMapAdmin.shapes(path);
    return openForWriting(Text.of(shapes.key()), Text.of(shapes.value()));
  }

  private <K, V> OpenStore<K, V> openForWriting(Text<K> keys, Text<V> values) {
    return new OpenStore<>(at(keys.codec(), values.codec()).openExisting(), keys, values);
  }

  private <K, V> dev.hmap.HMapBuilder<K, V> at(Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values).withoutBean();
  }
}
