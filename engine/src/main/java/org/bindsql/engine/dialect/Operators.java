package org.bindsql.engine.dialect;

import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.bindsql.functions.Functions;

/** The operators and functions that SQL may name: the standard's, PostgreSQL's, and our own. */
public final class Operators {
  /** All of them, the standard's first. */
  public static final SqlOperatorTable TABLE =
      SqlOperatorTables.chain(
          SqlStdOperatorTable.instance(),
          SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(SqlLibrary.POSTGRESQL),
          Functions.operatorTable());

  private Operators() {}
}
