package org.bindsql.shell;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values separated by a character, with a header; binary values are whole. */
final class SeparatedWriter implements ResultWriter {
  private final boolean header;
  private final CsvWriter csv;

  SeparatedWriter(PrintStream out, char separator, boolean header) {
    this.header = header;
    this.csv =
        CsvWriter.builder()
            .fieldSeparator(separator)
            .lineDelimiter(LineDelimiter.LF)
            // The empty string is quoted, so that it differs from NULL.
            .quoteStrategy(QuoteStrategies.EMPTY)
            .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  @Override
  public void begin(List<Column> columns) {
    if (header) {
      csv.writeRecord(columns.stream().map(Column::name).toList());
    }
  }

  @Override
  public void row(List<@Nullable Object> values) {
    List<@Nullable String> fields = new ArrayList<>(values.size());
    for (Object value : values) {
      fields.add(value == null ? null : Values.text(value, false));
    }
    csv.writeRecord(fields);
  }

  @Override
  public void end() {
    try {
      csv.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
