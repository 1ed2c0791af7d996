package org.bindsql.engine.ddl;

import java.util.Locale;
import java.util.Set;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Which names a column of a Lance table can have. */
final class ColumnNames {
  /** Columns that every Lance table has beside its own. */
  private static final Set<String> RESERVED =
      Set.of(
          "_rowid",
          "_rowaddr",
          "_rowoffset",
          "_row_created_at_version",
          "_row_last_updated_at_version");

  private ColumnNames() {}

  /**
   * Fails if Lance could not store, or not find again, a column of the name.
   *
   * @throws BindSqlException NOT_ALLOWED
   */
  static void check(String name) {
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED, "column name '" + name + "' is Lance's own; give it an alias");
    }
    if (name.isEmpty()
        || name.chars().anyMatch(c -> c == '.' || c == '`' || c < ' ' || isSurrogate(c))) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "column name '"
              + name
              + "' cannot be stored: it must not be empty or contain '.', '`', control characters"
              + " or characters beyond U+FFFF; give it an alias");
    }
  }

  private static boolean isSurrogate(int c) {
    return Character.isSurrogate((char) c);
  }
}
