package org.bindsql.files;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that reads back to the same values: text that would be taken for NULL is quoted, as is
 * what has delimiters, quotes or line ends in it.
 */
record CsvCodec(CsvOptions options) implements FileOutput.Codec {
  @Override
  public long write(Path file, Schema schema, BatchReader rows, ExecutionContext context)
      throws IOException {
    // An object of its own, so that NULL is told from a text of the same letters.
    @SuppressWarnings("StringOperationCanBeSimplified")
    String nullField = new String(options.nullText());
    QuoteStrategy quoting =
        new QuoteStrategy() {
          @Override
          public boolean quoteEmpty(int line, int field) {
            return true; // NULL is passed as null where its text is empty
          }

          @Override
          @SuppressWarnings("ReferenceEquality")
          public boolean quoteValue(int line, int field, String value) {
            return value != nullField && value.equals(nullField);
          }
        };
    try (OutputStreamWriter characters =
            new OutputStreamWriter(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW),
                options
                    .charset()
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT));
        CsvWriter writer =
            CsvWriter.builder()
                .fieldSeparator(options.delimiter())
                .quoteCharacter(options.quote())
                .quoteStrategy(quoting)
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(1 << 16)
                .build(characters)) {
      if (options.header() == null || options.header()) {
        writer.writeRecord(schema.getFields().stream().map(Field::getName).toList());
      }
      return write(writer, rows, options.nullText().isEmpty() ? null : nullField);
    } catch (CharacterCodingException e) {
      throw new BindSqlException(
          ErrorCode.BAD_TEXT,
          "a text has characters that %s does not have; say another ENCODING"
              .formatted(options.charset()),
          e);
    } catch (UncheckedIOException e) { // of a field, by the library
      throw e.getCause();
    }
  }

  private static long write(CsvWriter writer, BatchReader rows, @Nullable String nullField) {
    long count = 0;
    for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
      List<TextPrinter> printers = batch.columns().stream().map(TextPrinter::of).toList();
      for (int i = 0; i < batch.selection().count(); i++) {
        int row = batch.selection().position(i);
        CsvWriter.CsvWriterRecord record = writer.writeRecord();
        for (TextPrinter printer : printers) {
          String text = printer.get(row);
          record.writeField(text == null ? nullField : text);
        }
        record.endRecord();
      }
      count += batch.selection().count();
    }
    return count;
  }
}
