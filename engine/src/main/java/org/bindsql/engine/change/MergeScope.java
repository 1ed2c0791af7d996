package org.bindsql.engine.change;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.bindsql.engine.dialect.Operators;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.parser.SqlMergeClause;
import org.bindsql.parser.SqlMergeClause.When;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a clause of MERGE can use: a row that has no match has only those of its own side.
 * The join that MERGE becomes would give NULL for the others.
 */
final class MergeScope extends SqlBasicVisitor<@Nullable Void> {
  private final ChangeTarget target;
  private final When when;
  private final String absent;

  private MergeScope(ChangeTarget target, When when, String absent) {
    this.target = target;
    this.when = when;
    this.absent = absent;
  }

  /**
   * Fails for a column of the side that has no row in a clause. Subqueries are not looked into.
   *
   * @param source name of the source in the statement
   */
  static void check(SqlMergeClause clause, ChangeTarget target, String source) {
    if (clause.when() == When.MATCHED) {
      return;
    }
    String absent = clause.when() == When.NOT_MATCHED ? target.name() : source;
    MergeScope scope = new MergeScope(target, clause.when(), absent);
    SqlNode condition = clause.condition();
    if (condition != null) {
      condition.accept(scope);
    }
    switch (clause.action()) {
      case SqlUpdate update -> update.getSourceExpressionList().accept(scope);
      case SqlInsert insert -> insert.getSource().accept(scope);
      case null, default -> {
        // DELETE and DO NOTHING use no columns.
      }
    }
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    boolean values = call.getKind() == SqlKind.VALUES;
    return call.getKind().belongsTo(SqlKind.QUERY) && !values ? null : super.visit(call);
  }

  @Override
  public @Nullable Void visit(SqlIdentifier id) {
    boolean wrong =
        id.isSimple()
            ? isOfTarget(id.getSimple()) == (when == When.NOT_MATCHED) && !isFunction(id)
            : id.names.getFirst().equalsIgnoreCase(absent);
    if (wrong) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_COLUMN,
          "column '%s' is not known where a row is NOT MATCHED: there is no row of '%s'%s"
              .formatted(
                  String.join(".", id.names), absent, ChangeTarget.where(id.getParserPosition())));
    }
    return null;
  }

  /** Whether a word is no column but a function without arguments, as CURRENT_DATE. */
  private static boolean isFunction(SqlIdentifier id) {
    List<SqlOperator> functions = new ArrayList<>();
    Operators.TABLE.lookupOperatorOverloads(
        id, null, SqlSyntax.FUNCTION, functions, SqlNameMatchers.withCaseSensitive(false));
    return functions.stream().anyMatch(f -> f.getSyntax() != SqlSyntax.FUNCTION);
  }

  private boolean isOfTarget(String name) {
    for (RelDataTypeField column : target.columns()) {
      if (column.getName().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
