package dev.hmap.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hmap.Codec;
import dev.hmap.cli.console.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as the list of their components: {@code (name=here, at=(x=5, y=6))} as text, a column for
 * each component in a table, an object in JSON. The shape that the store remembers says all.
 */
public final class RecordText implements Text<List<Object>> {
  private final RecordCodec codec;
  private final List<Part> parts;

  /** A component; its text is used with values of its own only. */
  public record Part(String name, Text<Object> text) {
    int width() {
      return text.codec().width();
    }

    /** The component's text if it is a record's, else null. */
    @Nullable RecordText nested() {
      Text<?> any = text;
      return any instanceof RecordText record ? record : null;
    }

    private String print(Object component) {
      String printed = text.print(component);
      return name + "=" + (nested() == null ? RecordParser.quote(printed) : printed);
    }
  }

  private RecordText(String shape, List<Part> parts) {
    this.codec = new RecordCodec(shape, parts);
    this.parts = parts;
  }

  /**
   * For a shape like {@code record(name:string,at:record(x:int,y:int))}.
   *
   * @throws UsageException if it is none
   */
  @SuppressWarnings("unchecked") // Part says why
  static Text<?> of(String shape) {
    List<Part> parts = new ArrayList<>();
    for (RecordShape.Component c : RecordShape.of(shape)) {
      parts.add(new Part(c.name(), (Text<Object>) Text.of(c.shape())));
    }
    return new RecordText(shape, parts);
  }

  public List<Part> parts() {
    return parts;
  }

  @Override
  public Codec<List<Object>> codec() {
    return codec;
  }

  @Override
  public List<Object> parse(String text) {
    return new RecordParser(codec.shape(), text).parse(this);
  }

  @Override
  public String print(List<Object> components) {
    List<String> printed = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      printed.add(parts.get(i).print(components.get(i)));
    }
    return "(" + String.join(", ", printed) + ")";
  }

  @Override
  public void columns(String name, List<String> to) {
    parts.forEach(p -> p.text.columns(name + "." + p.name, to));
  }

  @Override
  public void toCells(List<Object> components, List<String> to) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).text.toCells(components.get(i), to);
    }
  }

  @Override
  public List<Object> fromCells(Cells from) {
    List<Object> components = new ArrayList<>();
    parts.forEach(p -> components.add(p.text.fromCells(from)));
    return components;
  }

  @Override
  public void toJson(List<Object> components, JsonGenerator to) throws IOException {
    to.writeStartObject();
    for (int i = 0; i < parts.size(); i++) {
      to.writeFieldName(parts.get(i).name);
      parts.get(i).text.toJson(components.get(i), to);
    }
    to.writeEndObject();
  }

  @Override
  public List<Object> fromJson(JsonParser from) throws IOException {
    String path = JsonPath.of(from);
    if (from.currentToken() != JsonToken.START_OBJECT) {
      throw new UsageException(
          "%s is not a JSON object for the store's type %s".formatted(path, codec.shape()));
    }
    @Nullable Object[] components = new Object[parts.size()];
    while (from.nextToken() == JsonToken.FIELD_NAME) {
      int i = indexOf(from.currentName());
      if (i < 0) {
        throw new UsageException(
            "%s is not a field of the store's type %s".formatted(JsonPath.of(from), codec.shape()));
      }
      from.nextToken();
      components[i] = parts.get(i).text.fromJson(from);
    }
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      Object component = components[i];
      if (component == null) {
        throw new UsageException("%s.%s is missing".formatted(path, parts.get(i).name));
      }
      all.add(component);
    }
    return all;
  }

  private int indexOf(String name) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
