package dev.hmap.cli.text;

import dev.hmap.Codec;
import dev.hmap.cli.console.UsageException;
import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/** The names of an enum, as the shape that the store remembers has them; needs no class. */
public final class EnumText implements Codec<String> {
  private static final String PREFIX = "enum(";

  private final String shape;
  private final List<String> names;

  private EnumText(String shape, List<String> names) {
    this.shape = shape;
    this.names = names;
  }

  /** Whether a shape is of an enum. */
  public static boolean is(String shape) {
    return shape.startsWith(PREFIX) && shape.endsWith(")");
  }

  /** For a shape like {@code enum(RED,GREEN)}. */
  static Text<String> of(String shape) {
    String names = shape.substring(PREFIX.length(), shape.length() - 1);
    EnumText codec = new EnumText(shape, List.of(names.split(",", -1)));
    if (!codec.names.stream().allMatch(RecordShape::isIdentifier)
        || Set.copyOf(codec.names).size() < codec.names.size()) {
      throw new UsageException(
          "%s is not an enum like enum(RED,GREEN)".formatted(Text.quoted(shape)));
    }
    return new ScalarText<>(codec, codec::parse, name -> name, ScalarText.Json.STRING);
  }

  private String parse(String text) {
    if (!names.contains(text)) {
      throw Text.expected(text, shape, "one of its names");
    }
    return text;
  }

  @Override
  public String shape() {
    return shape;
  }

  @Override
  public int width() {
    return Short.BYTES;
  }

  @Override
  public byte[] encode(String name) {
    return ByteBuffer.allocate(Short.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) names.indexOf(name))
        .array();
  }

  @Override
  public String decode(byte[] bytes, int offset, int length) {
    int place =
        Short.toUnsignedInt(
            ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN).getShort());
    if (place >= names.size()) {
      throw new StoreCorruptException("%d is not a constant of %s".formatted(place, shape));
    }
    return names.get(place);
  }
}
