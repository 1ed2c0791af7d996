package org.bindsql.engine.ddl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlStarExclude;
import org.apache.calcite.sql.SqlStarReplace;
import org.apache.calcite.sql.dialect.CalciteSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The stars of a view's query, to be replaced by the columns that they stand for when the view is
 * made: later its tables may have others, in another order.
 */
public final class StarColumns {
  private record Written(SqlSelect select, List<SqlNode> items) {}

  private record Change(int from, int to, String columns) {}

  private final List<Written> selects = new ArrayList<>();

  /** Finds the stars of a query that is parsed, but not validated. */
  public StarColumns(SqlNode query) {
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call instanceof SqlSelect select
                && select.getSelectList().stream().anyMatch(StarColumns::isStar)) {
              selects.add(new Written(select, List.copyOf(select.getSelectList().getList())));
            }
            return super.visit(call);
          }
        });
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return selects.isEmpty();
  }

  /**
   * The text with the columns in place of the stars. The query must be validated by now, which puts
   * the columns into its select lists.
   *
   * @param sql the text that was parsed
   */
  public String expand(String sql) {
    List<Change> changes = new ArrayList<>();
    selects.stream()
        .filter(select -> isWritten(select, sql))
        .forEach(select -> changes(select, sql, changes));
    changes.sort(Comparator.comparing(Change::from).reversed());
    StringBuilder text = new StringBuilder(sql);
    changes.forEach(change -> text.replace(change.from, change.to, change.columns));
    return text.toString();
  }

  /** Whether the text has the stars: those of search functions are made by the parser. */
  private static boolean isWritten(Written written, String sql) {
    return written.items.stream()
        .filter(item -> item instanceof SqlIdentifier id && id.isStar())
        .allMatch(star -> sql.charAt(end(sql, star) - 1) == '*');
  }

  /** Index of the character after the last of a node. */
  private static int end(String sql, SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return SqlText.offset(
            sql, new SqlParserPos(position.getEndLineNum(), position.getEndColumnNum()))
        + 1;
  }

  private static void changes(Written written, String sql, List<Change> changes) {
    List<SqlNode> columns = written.select.getSelectList().getList();
    int at = 0;
    for (int i = 0; i < written.items.size(); i++) {
      SqlNode item = written.items.get(i);
      if (!isStar(item)) {
        at++;
        continue;
      }
      int end = at;
      if (isLastStar(written.items, i)) {
        end = columns.size() - (written.items.size() - 1 - i);
      } else {
        // Columns of a star stand where it stood, but those merged by NATURAL or USING.
        SqlParserPos star = item.getParserPosition();
        while (end < columns.size() && columns.get(end).getParserPosition().overlaps(star)) {
          end++;
        }
      }
      if (end <= at) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "cannot tell the columns of *" + SqlText.at(item.getParserPosition()) + ": name them");
      }
      changes.add(change(written.select, item, columns.subList(at, end), sql));
      at = end;
    }
  }

  private static Change change(SqlSelect select, SqlNode star, List<SqlNode> columns, String sql) {
    boolean one = !(select.getFrom() instanceof SqlJoin);
    String text =
        columns.stream().map(column -> text(star, column, one)).collect(Collectors.joining(", "));
    return new Change(SqlText.offset(sql, star.getParserPosition()), end(sql, star), text);
  }

  /** How a column is written; without its table's name if it needs none or that has none. */
  private static String text(SqlNode star, SqlNode column, boolean one) {
    if (column.getKind() == SqlKind.AS) {
      SqlNode value = ((SqlCall) column).operand(0);
      SqlNode name = ((SqlCall) column).operand(1);
      boolean merged = !(value instanceof SqlIdentifier || star instanceof SqlStarReplace);
      return merged ? sql(name) : text(star, value, one) + " AS " + sql(name);
    }
    return column instanceof SqlIdentifier id
            && id.names.size() == 2
            && (one || id.names.getFirst().startsWith("EXPR$"))
        ? sql(id.getComponent(1))
        : sql(column);
  }

  private static String sql(SqlNode node) {
    return node.toSqlString(config ->
            config
                .withDialect(CalciteSqlDialect.DEFAULT)
                .withQuoteAllIdentifiers(true)
                .withAlwaysUseParentheses(false)
                .withClauseStartsLine(false))
        .getSql();
  }

  private static boolean isLastStar(List<SqlNode> items, int i) {
    return items.subList(i + 1, items.size()).stream().noneMatch(StarColumns::isStar);
  }

  private static boolean isStar(SqlNode item) {
    return switch (item) {
      case SqlIdentifier id -> id.isStar();
      case SqlStarExclude exclude -> true;
      case SqlStarReplace replace -> true;
      default -> false;
    };
  }
}
