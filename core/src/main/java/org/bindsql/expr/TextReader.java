package org.bindsql.expr;

import org.jspecify.annotations.Nullable;

/** Text of a column as Strings. */
@FunctionalInterface
public interface TextReader {
  /** The text at a row; null for NULL. */
  @Nullable String get(int row);

  /** A reader of a column of VARCHAR values, valid as long as the column is. */
  static TextReader of(Column column) {
    if (column instanceof Column.ScalarColumn(String value)) {
      return row -> value;
    }
    NullReader nulls = NullReader.of(column);
    BytesReader bytes = BytesReader.of(column);
    return row -> nulls.isNull(row) ? null : bytes.seek(row).string();
  }
}
