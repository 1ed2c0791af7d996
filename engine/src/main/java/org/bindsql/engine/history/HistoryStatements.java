package org.bindsql.engine.history;

import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.bindsql.engine.Session;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.VersionTable;
import org.bindsql.lance.history.LanceHistory;
import org.bindsql.parser.SqlCreateRef;
import org.bindsql.parser.SqlDropRef;
import org.bindsql.parser.SqlInsertOnConflict;
import org.bindsql.parser.SqlMergeInto;
import org.bindsql.parser.SqlRestoreTable;
import org.bindsql.parser.SqlShowHistory;
import org.bindsql.parser.SqlTableVersion;
import org.jspecify.annotations.Nullable;

/** The work of CREATE and DROP TAG and BRANCH, of RESTORE TABLE, and of SHOW VERSIONS and so on. */
public final class HistoryStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public HistoryStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /**
   * A table and what follows the colon in its name.
   *
   * @param table the table, which is no version or branch
   * @param version a version or branch, or an empty text
   */
  private record Target(TableName name, LanceTable table, String version) {
    LanceHistory history() {
      return new LanceHistory(table);
    }
  }

  private Target target(SqlIdentifier id) {
    String last = id.names.getLast();
    int colon = last.indexOf(':');
    TableName name = TableName.resolve(id, context);
    TableName plain =
        colon < 0 ? name : new TableName(name.schema(), last.substring(0, colon), name.owner());
    LanceTable table = plain.lanceTable("have versions");
    return new Target(
        new TableName(plain.schema(), table.name(), plain.owner()),
        table,
        colon < 0 ? "" : last.substring(colon + 1));
  }

  /** Makes a tag or branch. */
  public long create(SqlCreateRef create) {
    if (create.isBranch() && create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "a branch is not replaced: drop it, then create it");
    }
    session.beginWrite(create.getOperator().getName());
    Target target = target(create.table());
    boolean made =
        create.isBranch()
            ? target.history().createBranch(create.ref(), target.version())
            : target.history().createTag(create.ref(), target.version(), create.getReplace());
    if (!made && !create.isIfNotExists()) {
      throw new BindSqlException(
          ErrorCode.OBJECT_EXISTS,
          "table %s has a %s '%s'"
              .formatted(target.name.table(), create.isBranch() ? "branch" : "tag", create.ref()));
    }
    return 0;
  }

  /** Removes a tag or branch. */
  public long drop(SqlDropRef drop) {
    session.beginWrite(drop.getOperator().getName());
    Target target = target(drop.table());
    LanceHistory history = target.history();
    boolean dropped =
        drop.isBranch() ? history.dropBranch(drop.ref()) : history.dropTag(drop.ref());
    if (!dropped && !drop.isIfExists()) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_OBJECT,
          "table %s has no %s '%s'"
              .formatted(target.name.table(), drop.isBranch() ? "branch" : "tag", drop.ref()));
    }
    return 0;
  }

  /** Makes an old version the newest. */
  public long restore(SqlRestoreTable restore) {
    session.beginWrite("RESTORE TABLE");
    SqlTableVersion version = restore.target();
    Target branch = target(version.table());
    branch.history().restore(branch.version(), target(version).version());
    return 0;
  }

  /** The query that lists what a SHOW statement asks for. */
  public String show(SqlShowHistory show) {
    Target target = target(show.table());
    String order =
        switch (show.what()) {
          case "versions" -> "branch = 'main' DESC, branch, version";
          case "tags" -> "tag_name";
          default -> "branch_name";
        };
    return "SELECT * FROM \"system\".%s WHERE table_schema = %s AND table_name = %s ORDER BY %s"
        .formatted(show.what(), quote(target.name.schema()), quote(target.name.table()), order);
  }

  /** Fails if a statement would change a version, which nobody can. */
  public void checkTarget(SqlNode statement) {
    SqlNode target =
        switch (statement) {
          case SqlInsert insert -> insert.getTargetTable();
          case SqlUpdate update -> update.getTargetTable();
          case SqlDelete delete -> delete.getTargetTable();
          case SqlMergeInto merge -> merge.table();
          case SqlInsertOnConflict insert -> insert.insert().getTargetTable();
          default -> null;
        };
    if (target instanceof SqlIdentifier id && isVersion(id)) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY,
          "cannot execute "
              + statement.getKind()
              + " on '"
              + id.names.getLast()
              + "': a version never changes; only tables and their branches do");
    }
  }

  private boolean isVersion(SqlIdentifier id) {
    if (id.names.getLast().indexOf(':') < 0) {
      return false;
    }
    CalciteSchema.TableEntry entry = TableName.resolve(id, context).entry();
    @Nullable Table table = entry == null ? null : entry.getTable();
    return table instanceof VersionTable;
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
