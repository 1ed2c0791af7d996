package org.bindsql.engine;

import static org.bindsql.engine.catalog.CatalogTable.Column.count;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.jdbc.CalcitePrepare.CalciteSignature;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.upkeep.TableRepair;
import org.jspecify.annotations.Nullable;

/**
 * What {@code CALL} runs: procedures on one table, {@code system.p('table')} or {@code
 * system.p('schema', 'table')}.
 */
final class Procedures {
  private static final List<CatalogTable.Column> REPAIRED =
      List.of(count("versions_lost"), count("newest_lost"), count("current_version"));

  private final Session session;
  private final BindContext context;

  Procedures(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /** Prepares a call; the procedure runs when the statement is executed. */
  <T> CalciteSignature<T> prepare(String sql, SqlCall statement) {
    if (!(statement.operand(0) instanceof SqlCall call)) {
      throw new BindSqlException(ErrorCode.SYNTAX, "CALL needs a procedure and its arguments");
    }
    String name = call.getOperator().getName();
    SqlIdentifier qualified = call.getOperator().getNameAsId();
    boolean system =
        qualified.names.size() == 2 && qualified.names.getFirst().equalsIgnoreCase("system");
    SqlIdentifier table = table(name, call.getOperandList());
    return switch (system ? qualified.names.getLast().toLowerCase(Locale.ROOT) : "") {
      case "repair_table" -> {
        session.checkWritable("system.repair_table");
        yield Commands.rows(sql, context, REPAIRED, root -> repair(table));
      }
      case "sync_table" -> Commands.of(sql, context, root -> sync(table));
      default ->
          throw new BindSqlException(
              ErrorCode.NO_SUCH_FUNCTION,
              "no procedure "
                  + qualified
                  + "; the procedures are system.repair_table and system.sync_table");
    };
  }

  private static SqlIdentifier table(String procedure, List<SqlNode> arguments) {
    List<String> names = new ArrayList<>();
    for (SqlNode argument : arguments) {
      if (!(argument instanceof SqlCharStringLiteral text)) {
        throw usage(procedure);
      }
      names.add(text.getValueAs(String.class));
    }
    if (names.isEmpty() || names.size() > 2) {
      throw usage(procedure);
    }
    return new SqlIdentifier(names, SqlParserPos.ZERO);
  }

  private static BindSqlException usage(String procedure) {
    return new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        procedure + " takes a table's name, or its schema's and its own, as character literals");
  }

  private List<@Nullable Object[]> repair(SqlIdentifier name) {
    session.beginWrite("system.repair_table");
    TableRepair.Repaired repaired = TableRepair.repair(lanceTable(name));
    return List.<@Nullable Object[]>of(
        new @Nullable Object[] {
          (long) repaired.lost().size(), repaired.lost().getFirst(), repaired.version()
        });
  }

  private long sync(SqlIdentifier name) {
    TableRepair.sync(lanceTable(name));
    return 0;
  }

  private LanceTable lanceTable(SqlIdentifier name) {
    return TableName.resolve(name, context).lanceTable("are repaired and synced");
  }
}
