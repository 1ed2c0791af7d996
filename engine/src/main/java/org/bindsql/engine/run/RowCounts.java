package org.bindsql.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.DataContext;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The numbers of LIMIT and OFFSET, which must not be negative. */
public final class RowCounts {
  private static final Pattern ROW_COUNT =
      Pattern.compile(
          ".*\\b(LIMIT|OFFSET|FIRST|NEXT)\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private RowCounts() {}

  /** Indexes of the parameters that are a LIMIT or OFFSET anywhere in a statement. */
  public static List<Integer> parameters(@Nullable SqlNode statement) {
    List<Integer> indexes = new ArrayList<>();
    if (statement != null) {
      statement.accept(
          new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
              if (call instanceof SqlOrderBy orderBy) {
                add(orderBy.fetch);
                add(orderBy.offset);
              }
              return super.visit(call);
            }

            private void add(@Nullable SqlNode count) {
              if (count instanceof SqlDynamicParam parameter) {
                indexes.add(parameter.getIndex());
              }
            }
          });
    }
    return indexes;
  }

  /** Fails if one of the parameters is negative or NULL. */
  public static void check(List<Integer> parameters, DataContext context) {
    for (int index : parameters) {
      if (!(context.get("?" + index) instanceof Number number) || number.longValue() < 0) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "parameter "
                + (index + 1)
                + " is a LIMIT or OFFSET and cannot be "
                + context.get("?" + index)
                + ": expected 0 or more");
      }
    }
  }

  /** Fails if the text at which parsing failed is the minus of a negative LIMIT or OFFSET. */
  public static void checkLiteral(String sql, @Nullable SqlParserPos position) {
    if (position == null) {
      return;
    }
    int at = 0;
    for (int line = 1; line < position.getLineNum(); line++) {
      at = sql.indexOf('\n', at) + 1;
    }
    at += position.getColumnNum() - 1;
    if (at > 0 && at < sql.length() && sql.charAt(at) == '-') {
      var before = ROW_COUNT.matcher(sql.substring(0, at));
      if (before.matches()) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            before.group(1)
                + " cannot be negative (line "
                + position.getLineNum()
                + ", column "
                + position.getColumnNum()
                + ")");
      }
    }
  }
}
