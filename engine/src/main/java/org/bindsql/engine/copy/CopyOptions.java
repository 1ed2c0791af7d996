package org.bindsql.engine.copy;

import java.nio.charset.Charset;
import java.util.List;
import org.apache.calcite.sql.SqlNodeList;
import org.bindsql.engine.dialect.StatementOptions;
import org.bindsql.files.CsvOptions;
import org.bindsql.files.FileFormat;
import org.bindsql.files.RejectedRows;
import org.jspecify.annotations.Nullable;

/** The options of COPY. */
final class CopyOptions {
  private static final List<String> CSV =
      List.of("header", "delimiter", "quote", "escape", "null", "encoding");
  private static final List<String> ERRORS = List.of("on_error", "max_errors");

  private final StatementOptions options;
  private final FileFormat format;
  private final @Nullable CsvOptions csv;

  private CopyOptions(String file, SqlNodeList given, List<String> known) {
    this.options = new StatementOptions("COPY", given, known);
    String name = options.text("format");
    this.format = name == null ? FileFormat.of(file) : FileFormat.named(name);
    if (format == FileFormat.CSV) {
      this.csv = csv(CsvOptions.of(file));
    } else {
      this.csv = null;
      for (String option : known) {
        if ((CSV.contains(option) || ERRORS.contains(option)) && options.text(option) != null) {
          throw options.bad("option '" + option + "' is for CSV, and the format is " + format);
        }
      }
    }
  }

  static CopyOptions reading(String file, SqlNodeList given) {
    List<String> known =
        List.of(
            "format",
            "header",
            "delimiter",
            "quote",
            "escape",
            "null",
            "encoding",
            "on_error",
            "max_errors");
    return new CopyOptions(file, given, known);
  }

  static CopyOptions writing(String file, SqlNodeList given) {
    List<String> known =
        List.of(
            "format", "header", "delimiter", "quote", "escape", "null", "encoding", "overwrite");
    return new CopyOptions(file, given, known);
  }

  private CsvOptions csv(CsvOptions otherwise) {
    char quote = character("quote", otherwise.quote());
    if (character("escape", quote) != quote) {
      throw options.bad("option 'escape' must be the quote itself, which is doubled inside quotes");
    }
    char delimiter = character("delimiter", otherwise.delimiter());
    if (delimiter == quote) {
      throw options.bad("options 'delimiter' and 'quote' cannot be the same");
    }
    String nullText = options.text("null");
    String encoding = options.text("encoding");
    return new CsvOptions(
        delimiter,
        quote,
        options.flag("header"),
        nullText == null ? otherwise.nullText() : nullText,
        encoding == null ? otherwise.charset() : charset(encoding));
  }

  private char character(String name, char otherwise) {
    String text = options.text(name);
    if (text == null) {
      return otherwise;
    }
    String value = text.equals("\\t") ? "\t" : text;
    if (value.length() != 1 || value.equals("\n") || value.equals("\r")) {
      throw options.bad(
          "option '" + name + "' cannot be '" + text + "': expected one character, or \\t");
    }
    return value.charAt(0);
  }

  private Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw options.bad("option 'encoding' cannot be '" + name + "': no such encoding");
    }
  }

  FileFormat format() {
    return format;
  }

  /** How the file is written; null if it is no CSV. */
  @Nullable CsvOptions csv() {
    return csv;
  }

  /** What becomes of rows that cannot be read. */
  RejectedRows rejected() {
    String choice = options.text("on_error");
    Long most = options.number("max_errors", 0, Long.MAX_VALUE);
    boolean skip =
        switch (choice == null ? "stop" : choice.toLowerCase(java.util.Locale.ROOT)) {
          case "stop" -> false;
          case "skip" -> true;
          default ->
              throw options.bad(
                  "option 'on_error' cannot be '" + choice + "': expected stop or skip");
        };
    if (!skip && most != null) {
      throw options.bad("option 'max_errors' needs on_error = skip");
    }
    return skip ? RejectedRows.upTo(most == null ? Long.MAX_VALUE : most) : RejectedRows.none();
  }

  /** Whether an existing file may be replaced. */
  boolean overwrite() {
    return Boolean.TRUE.equals(options.flag("overwrite"));
  }
}
