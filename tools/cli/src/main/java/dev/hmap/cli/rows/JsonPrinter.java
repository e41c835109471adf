package dev.hmap.cli.rows;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.text.Text;
import java.io.IOException;

/** Writes JSON Lines; see {@link JsonRows}. */
final class JsonPrinter<K, V> implements Printer<K, V> {
  private final Text<K> keys;
  private final Text<V> values;
  private final JsonGenerator to;

  JsonPrinter(Text<K> keys, Text<V> values, Output to) throws IOException {
    this.keys = keys;
    this.values = values;
    this.to =
        new JsonFactoryBuilder()
            .rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build()
            .createGenerator(to);
  }

  @Override
  public void print(K key, V value) throws IOException {
    to.writeStartObject();
    to.writeFieldName("key");
    keys.toJson(key, to);
    to.writeFieldName("value");
    values.toJson(value, to);
    to.writeEndObject();
    to.writeRaw('\n');
  }

  @Override
  public void finish() throws IOException {
    to.close();
  }
}
