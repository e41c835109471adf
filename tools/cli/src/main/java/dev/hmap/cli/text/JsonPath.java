package dev.hmap.cli.text;

import com.fasterxml.jackson.core.JsonParser;

/** Where a reader of JSON is, for messages. */
final class JsonPath {
  private JsonPath() {}

  /** Names from the outermost object on, like {@code value.at.x}. */
  static String of(JsonParser in) {
    String pointer = in.getParsingContext().pathAsPointer().toString();
    return pointer.isEmpty() ? "the line" : pointer.substring(1).replace('/', '.');
  }
}
