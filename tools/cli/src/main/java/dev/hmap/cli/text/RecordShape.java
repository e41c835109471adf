package dev.hmap.cli.text;

import dev.hmap.cli.console.UsageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The shape of a record, like {@code record(name:string,at:record(x:int,y:int))}, taken apart. */
final class RecordShape {
  private static final String PREFIX = "record(";

  /**
   * A component.
   *
   * @param name of it
   * @param shape of its codec
   */
  record Component(String name, String shape) {}

  private RecordShape() {}

  /** Whether a shape may be of a record. */
  static boolean is(String shape) {
    return shape.startsWith(PREFIX) && shape.endsWith(")");
  }

  /**
   * Its components, in their order.
   *
   * @throws UsageException if it is none
   */
  static List<Component> of(String shape) {
    if (!is(shape)) {
      throw new UsageException("this command cannot read values of type " + shape);
    }
    List<Component> components = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : parts(shape)) {
      int colon = part.indexOf(':');
      String name = part.substring(0, Math.max(colon, 0));
      if (!isIdentifier(name) || !names.add(name)) {
        throw new UsageException(
            "%s is not a record like record(name:string,at:int): %s is not another component"
                .formatted(Text.quoted(shape), Text.quoted(part)));
      }
      components.add(new Component(name, part.substring(colon + 1)));
    }
    return components;
  }

  /** Splits at the commas that stand in no parentheses but the outer ones. */
  private static List<String> parts(String shape) {
    List<String> parts = new ArrayList<>();
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
        parts.add(shape.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(shape.substring(start, end));
    return parts;
  }

  /** Whether a component or a constant may bear a name. */
  static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && Character.isJavaIdentifierStart(name.codePointAt(0))
        && name.codePoints().allMatch(Character::isJavaIdentifierPart);
  }
}
