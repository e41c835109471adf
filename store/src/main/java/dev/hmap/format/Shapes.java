package dev.hmap.format;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The grammar of the shapes that hmap itself knows, which give the width:
 *
 * <pre>
 *   shape  = name of a single value | "enum(" names ")" | "record(" field { "," field } ")"
 *   field  = name ":" shape
 * </pre>
 *
 * A name is a Java identifier. All other shapes are those of users' codecs.
 */
public final class Shapes {
  private static final int VARIABLE = 0;
  private static final int UNKNOWN = -1;
  private static final int ENUM_WIDTH = 2;
  private static final String ENUM = "enum(";
  private static final String RECORD = "record(";

  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("boolean", 1),
          Map.entry("byte", 1),
          Map.entry("short", 2),
          Map.entry("int", 4),
          Map.entry("long", 8),
          Map.entry("float", 4),
          Map.entry("double", 8),
          Map.entry("uuid", 16),
          Map.entry("instant", 12),
          Map.entry("string", VARIABLE),
          Map.entry("bytes", VARIABLE));

  private final String text;
  private int at;

  private Shapes(String text) {
    this.text = text;
  }

  /** Bytes of every encoded value, 0 if they vary; empty if the shape is not one of hmap's. */
  public static OptionalInt width(String shape) {
    Shapes shapes = new Shapes(shape);
    int width = shapes.shape();
    return width == UNKNOWN || shapes.at != shape.length()
        ? OptionalInt.empty()
        : OptionalInt.of(width);
  }

  private int shape() {
    if (text.startsWith(ENUM, at)) {
      int end = text.indexOf(')', at);
      at = end + 1;
      return end < 0 ? UNKNOWN : ENUM_WIDTH;
    }
    return text.startsWith(RECORD, at) ? record() : WIDTHS.getOrDefault(name(), UNKNOWN);
  }

  private int record() {
    at += RECORD.length();
    int sum = 0;
    boolean isFixed = true;
    while (true) {
      boolean hasName = !name().isEmpty();
      if (!hasName || !take(':')) {
        return UNKNOWN;
      }
      int width = shape();
      if (width == UNKNOWN) {
        return UNKNOWN;
      }
      isFixed &= width != VARIABLE;
      sum += width;
      if (take(')')) {
        return isFixed ? sum : VARIABLE;
      }
      if (!take(',')) {
        return UNKNOWN;
      }
    }
  }

  private String name() {
    int from = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private boolean take(char c) {
    boolean isThere = at < text.length() && text.charAt(at) == c;
    at += isThere ? 1 : 0;
    return isThere;
  }
}
