package dev.hmap.cli.report;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import dev.hmap.error.HMapException;
import java.util.HexFormat;
import java.util.function.Function;

/** Shows bytes that a codec made, for people: in one short line, without control characters. */
final class Shown {
  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_HEX = 18;

  private final Function<byte[], String> decode;

  private Shown(Function<byte[], String> decode) {
    this.decode = decode;
  }

  /** For a codec's shape; what this command does not know is shown in hexadecimal. */
  static Shown of(String shape) {
    try {
      return new Shown(decoder(Text.of(shape)));
    } catch (UsageException _) {
      return new Shown(Shown::hex);
    }
  }

  private static <T> Function<byte[], String> decoder(Text<T> text) {
    return bytes -> {
      if (bytes.length > MOST_BYTES) {
        return "%,d bytes".formatted(bytes.length);
      }
      String printed = text.print(text.codec().decode(bytes, 0, bytes.length));
      return text.codec().width() > 0 ? printed : Text.quoted(printed);
    };
  }

  /** At most some 50 characters; bytes that the codec cannot have made are in hexadecimal. */
  String text(byte[] bytes) {
    try {
      return decode.apply(bytes);
    } catch (HMapException | IllegalArgumentException | IndexOutOfBoundsException _) {
      return hex(bytes);
    }
  }

  /** The first bytes. */
  static String hex(byte[] bytes) {
    int shown = Math.min(bytes.length, MOST_HEX);
    return "0x" + HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "..." : "");
  }
}
