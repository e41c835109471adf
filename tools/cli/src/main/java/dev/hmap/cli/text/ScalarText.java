package dev.hmap.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hmap.Codec;
import dev.hmap.cli.console.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Single values: one text, one cell, one JSON value.
 *
 * @param json what they are in JSON
 */
public record ScalarText<T>(
    Codec<T> codec, Function<String, T> parser, Function<T, String> printer, Json json)
    implements Text<T> {

  /** The JSON types. */
  enum Json {
    STRING,
    /** A number; but a string where JSON has none, for {@code NaN} and infinity. */
    NUMBER,
    BOOLEAN
  }

  @Override
  public T parse(String text) {
    return parser.apply(text);
  }

  @Override
  public String print(T typed) {
    return printer.apply(typed);
  }

  @Override
  public void columns(String name, List<String> to) {
    to.add(name);
  }

  @Override
  public void toCells(T typed, List<String> to) {
    to.add(print(typed));
  }

  @Override
  public T fromCells(Cells from) {
    return from.next(this);
  }

  @Override
  public void toJson(T typed, JsonGenerator to) throws IOException {
    String text = print(typed);
    if (json == Json.NUMBER && Character.isDigit(text.charAt(text.length() - 1))) {
      to.writeNumber(text);
    } else if (json == Json.BOOLEAN) {
      to.writeBoolean(Boolean.parseBoolean(text));
    } else {
      to.writeString(text);
    }
  }

  @Override
  public T fromJson(JsonParser from) throws IOException {
    JsonToken token = from.currentToken();
    boolean fits =
        token == JsonToken.VALUE_STRING
            || switch (json) {
              case STRING -> false;
              case NUMBER -> token.isNumeric();
              case BOOLEAN -> token.isBoolean();
            };
    if (!fits) {
      throw new UsageException(
          "%s is not a JSON value for the store's type %s"
              .formatted(JsonPath.of(from), codec.shape()));
    }
    return parse(JsonPath.of(from), from.getText());
  }
}
