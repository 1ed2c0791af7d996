package org.bindsql.files;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The records of a CSV file. */
final class CsvLines implements AutoCloseable {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final CsvOptions options;
  private final CsvRecord record = new CsvRecord();
  private final CsvReader<CsvRecord> reader;
  private final CloseableIterator<CsvRecord> records;

  /**
   * Opens a file.
   *
   * @param emptyLines whether a line without any character is a record of one field
   */
  CsvLines(Path file, CsvOptions options, boolean emptyLines) {
    this.file = file;
    this.options = options;
    try {
      InputStream bytes = Files.newInputStream(file);
      try {
        this.reader =
            CsvReader.builder()
                .fieldSeparator(options.delimiter())
                .quoteCharacter(options.quote())
                .skipEmptyLines(!emptyLines)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .build(record, characters(bytes));
        this.records = reader.iterator();
      } catch (Throwable e) {
        bytes.close();
        throw e;
      }
    } catch (CharacterCodingException e) {
      throw failure(new UncheckedIOException(e));
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    } catch (UncheckedIOException | CsvParseException e) {
      throw failure(e);
    }
  }

  private Reader characters(InputStream bytes) throws IOException {
    PushbackReader reader =
        new PushbackReader(
            new InputStreamReader(
                bytes,
                options
                    .charset()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    int first = reader.read();
    if (first >= 0 && first != BYTE_ORDER_MARK) {
      reader.unread(first);
    }
    return reader;
  }

  /** The next record, the same object as before with other content; null at the end. */
  @Nullable CsvRecord next() {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException | CsvParseException e) {
      throw failure(e);
    }
  }

  private BindSqlException failure(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof CharacterCodingException) {
        return new BindSqlException(
            ErrorCode.BAD_TEXT,
            "file '%s': after line %d there are bytes that are not %s; say ENCODING '…'"
                .formatted(file, record.line(), options.charset()),
            e);
      }
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new BindSqlException(
        e instanceof CsvParseException ? ErrorCode.BAD_TEXT : ErrorCode.DATA_CORRUPTED,
        "file '%s', record after line %d: %s".formatted(file, record.line(), root.getMessage()),
        e);
  }

  @Override
  public void close() {
    try (reader) {
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
