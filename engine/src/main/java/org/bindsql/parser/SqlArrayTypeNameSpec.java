package org.bindsql.parser;

import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** The type {@code element ARRAY}, or {@code element ARRAY(size)} of a fixed number of elements. */
public final class SqlArrayTypeNameSpec extends SqlCollectionTypeNameSpec {
  private final int size;

  /**
   * Creates a type.
   *
   * @param size number of elements, or -1 if it varies
   */
  public SqlArrayTypeNameSpec(SqlTypeNameSpec element, int size, SqlParserPos pos) {
    super(element, SqlTypeName.ARRAY, pos);
    this.size = size;
  }

  /** Number of elements, or -1 if it varies. */
  public int size() {
    return size;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    super.unparse(writer, leftPrec, rightPrec);
    if (size >= 0) {
      SqlWriter.Frame frame = writer.startList("(", ")");
      writer.print(size);
      writer.endList(frame);
    }
  }
}
