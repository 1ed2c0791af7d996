package org.bindsql.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An array of objects, one object per line; binary values are hexadecimal text, NaN and infinities
 * are text.
 */
final class JsonWriter implements ResultWriter {
  private final PrintStream out;
  private final JsonGenerator json;
  private List<Column> columns = List.of();
  private boolean first = true;

  JsonWriter(PrintStream out) {
    this.out = out;
    try {
      this.json =
          JsonFactory.builder()
              .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
              .build()
              .createGenerator(out)
              .setPrettyPrinter(new MinimalPrettyPrinter(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void begin(List<Column> columns) {
    this.columns = columns;
    out.print("[");
  }

  @Override
  public void row(List<@Nullable Object> values) {
    out.print(first ? "\n" : ",\n");
    first = false;
    try {
      json.writeStartObject();
      for (int i = 0; i < values.size(); i++) {
        json.writeFieldName(columns.get(i).name());
        value(values.get(i));
      }
      json.writeEndObject();
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end() {
    out.println(first ? "]" : "\n]");
  }

  private void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean b -> json.writeBoolean(b);
      case Integer n -> json.writeNumber(n);
      case Long n -> json.writeNumber(n);
      case Float n -> json.writeNumber(n);
      case Double n -> json.writeNumber(n);
      case BigDecimal n -> json.writeNumber(n.toPlainString());
      case BigInteger n -> json.writeNumber(n);
      case Number n -> json.writeNumber(n.longValue());
      case byte[] bytes -> json.writeString(Values.hex(bytes, false));
      case List<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          value(element);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(entry.getValue());
        }
        json.writeEndObject();
      }
      default -> json.writeString(value.toString());
    }
  }
}
