package dev.hmap.cli;

import dev.hmap.Codec;
import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records of a store as text, {@code name=value, ...} in parentheses, with no need of
 * their class: the shape that the store remembers says all.
 */
final class RecordText implements Codec<String> {
  private static final String PREFIX = "record(";

  private final String shape;
  private final List<Part> parts;
  private final int width;

  private record Part(String name, Text<?> text) {
    int width() {
      return text.codec().width();
    }

    String print(byte[] bytes, int offset, int length) {
      return name + "=" + print(text, bytes, offset, length);
    }

    private static <T> String print(Text<T> text, byte[] bytes, int offset, int length) {
      return text.print(text.codec().decode(bytes, offset, length));
    }
  }

  private RecordText(String shape, List<Part> parts) {
    this.shape = shape;
    this.parts = parts;
    boolean fixed = parts.stream().allMatch(p -> p.width() > 0);
    this.width = fixed ? parts.stream().mapToInt(Part::width).sum() : 0;
  }

  /**
   * For a shape like {@code record(name:string,at:record(x:int,y:int))}.
   *
   * @throws UsageException if it is none
   */
  static RecordText of(String shape) {
    if (!shape.startsWith(PREFIX) || !shape.endsWith(")")) {
      throw unknown(shape);
    }
    List<Part> parts = new ArrayList<>();
    for (String part : components(shape)) {
      int colon = part.indexOf(':');
      if (colon < 1) {
        throw unknown(shape);
      }
      parts.add(new Part(part.substring(0, colon), Text.of(part.substring(colon + 1))));
    }
    return new RecordText(shape, parts);
  }

  /** Splits at the commas that stand in no parentheses but the outer ones. */
  private static List<String> components(String shape) {
    List<String> components = new ArrayList<>();
    int depth = 0;
    int start = PREFIX.length();
    int end = shape.length() - 1;
    for (int i = start; i < end; i++) {
      char c = shape.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        components.add(shape.substring(start, i));
        start = i + 1;
      }
    }
    components.add(shape.substring(start, end));
    return components;
  }

  private static UsageException unknown(String shape) {
    return new UsageException("this command cannot read values of type " + shape);
  }

  /** Records have no written form yet. */
  UsageException refusal(String text) {
    return new UsageException(
        "%s cannot be given: the store's type is %s, and records can only be printed"
            .formatted(Text.quoted(text), shape));
  }

  @Override
  public String shape() {
    return shape;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public byte[] encode(String value) {
    throw new IllegalArgumentException("records can only be printed");
  }

  @Override
  public String decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    List<String> printed = new ArrayList<>();
    for (Part part : parts) {
      int n = part.width();
      if (n == 0) {
        n = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      }
      if (n < 0 || n > in.remaining()) {
        throw new StoreCorruptException(
            "%d bytes are no %s: component %s is cut off".formatted(length, shape, part.name));
      }
      printed.add(part.print(bytes, in.position(), n));
      in.position(in.position() + n);
    }
    return "(" + String.join(", ", printed) + ")";
  }
}
