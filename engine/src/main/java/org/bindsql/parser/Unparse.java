package org.bindsql.parser;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriter;
import org.bindsql.error.Redaction;

/** Parts that several statements write in the same way. */
final class Unparse {
  private Unparse() {}

  /** The nodes in parentheses. */
  static void list(SqlWriter writer, SqlNodeList nodes) {
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode node : nodes) {
      writer.sep(",");
      node.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }

  /** The names of options in parentheses, with a mask for their values. */
  static void masked(SqlWriter writer, SqlNodeList options) {
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode option : options) {
      writer.sep(",");
      ((SqlCall) option).operand(0).unparse(writer, 0, 0);
      writer.literal("'" + Redaction.MASK + "'");
    }
    writer.endList(frame);
  }

  /** {@code WITH (name = value, ...)}, or nothing if there are no options. */
  static void options(SqlWriter writer, SqlNodeList options) {
    if (!options.isEmpty()) {
      writer.keyword("WITH");
      list(writer, options);
    }
  }
}
