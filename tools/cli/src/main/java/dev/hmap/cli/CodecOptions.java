package dev.hmap.cli;

import dev.hmap.cli.text.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The codecs of a store to be created. */
final class CodecOptions {
  private static final String DEFAULT = "string";

  @Option(
      names = "--key",
      paramLabel = "CODEC",
      description = {
        "Codec of keys: boolean, byte, short, int, long, instant, uuid, bytes,",
        "enum(RED,GREEN), record(name:string,at:int) or string (the default)."
      })
  private @Nullable String key;

  @Option(
      names = "--value",
      paramLabel = "CODEC",
      description = "Codec of values: the same, float or double; string is the default.")
  private @Nullable String value;

  /** For keys of a store to be created. */
  Text<?> keys() {
    return Text.named(key == null ? DEFAULT : key);
  }

  /** For values of a store to be created. */
  Text<?> values() {
    return Text.named(value == null ? DEFAULT : value);
  }

  /** For keys of a store that exists, of a shape: what the user says, else that shape. */
  Text<?> keysOf(String shape) {
    return key == null ? Text.of(shape) : Text.named(key);
  }

  /** For values of a store that exists. */
  Text<?> valuesOf(String shape) {
    return value == null ? Text.of(shape) : Text.named(value);
  }
}
