package dev.hmap.cli.bench;

import dev.hmap.cli.text.EnumText;
import dev.hmap.cli.text.RecordText;
import dev.hmap.cli.text.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Makes keys and values for a codec, the same for the same number; others as far as it can. */
public final class Samples {
  private static final long ODD = 0x9E3779B97F4A7C15L; // so that the products are all different
  private static final int LEAST_BYTES = 8;

  private Samples() {}

  /**
   * A sample.
   *
   * @param n which one
   * @param bytes about how long it is, where the codec leaves that open
   */
  @SuppressWarnings("unchecked") // a record's values are lists of its parts' own
  public static <T> T of(Text<T> text, long n, int bytes) {
    Text<?> any = text;
    if (any instanceof RecordText record) {
      List<Object> components = new ArrayList<>();
      for (RecordText.Part part : record.parts()) {
        components.add(of(part.text(), n, bytes / record.parts().size()));
      }
      return (T) components;
    }
    return text.parse(scalar(text.codec().shape(), n, bytes));
  }

  private static String scalar(String shape, long n, int bytes) {
    if (EnumText.is(shape)) {
      String[] names = shape.substring(shape.indexOf('(') + 1, shape.length() - 1).split(",", -1);
      return names[(int) (n % names.length)];
    }
    long mixed = n * ODD;
    return switch (shape) {
      case "boolean" -> String.valueOf(n % 2 == 0);
      case "byte" -> String.valueOf((byte) n);
      case "short" -> String.valueOf((short) n);
      case "int" -> String.valueOf((int) mixed);
      case "float", "double" -> String.valueOf((float) n);
      case "instant" -> Instant.ofEpochMilli(n).toString();
      case "uuid" -> new UUID(mixed, n).toString();
      case "string" -> padded(Long.toString(n), 'x', bytes);
      case "bytes" -> padded("%016x".formatted(mixed), '0', 2 * Math.max(bytes, LEAST_BYTES));
      default -> String.valueOf(mixed);
    };
  }

  private static String padded(String text, char with, int length) {
    return text + String.valueOf(with).repeat(Math.max(0, length - text.length()));
  }
}
