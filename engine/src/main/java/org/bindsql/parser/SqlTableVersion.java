package org.bindsql.parser;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlTimestampLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * A version of a table as a name in the catalog: {@code t FOR VERSION AS OF 3} is the table {@code
 * "t:3"}, {@code FOR VERSION AS OF 'dev'} is {@code "t:dev"}, and {@code FOR SYSTEM_TIME AS OF
 * TIMESTAMP '2026-01-31 00:00:00'} is {@code "t:@2026-01-31 00:00:00"}.
 *
 * <p>No table's own name has a colon. A name that no tag or branch can have is put in quotes, so
 * that it is looked up as a whole, and not found.
 */
public final class SqlTableVersion extends SqlIdentifier {
  private static final Pattern NAME = Pattern.compile("[\\w.-][\\w./-]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final SqlIdentifier table;
  private final String version;

  private SqlTableVersion(SqlIdentifier table, String version, SqlParserPos pos) {
    super(named(table, version), null, table.getParserPosition().plus(pos), null);
    this.table = table;
    this.version = version;
  }

  private static List<String> named(SqlIdentifier table, String version) {
    List<String> names = new ArrayList<>(table.names);
    names.set(names.size() - 1, Util.last(table.names) + ":" + version);
    return ImmutableList.copyOf(names);
  }

  /**
   * A version of a table.
   *
   * @param version digits, {@link #named} or {@link #time}
   */
  static SqlTableVersion of(SqlNode table, String version, SqlParserPos pos) {
    if (table instanceof SqlIdentifier name) {
      String number = NUMBER.matcher(version).matches() ? "" + new BigInteger(version) : version;
      return new SqlTableVersion(name, number, pos);
    }
    throw failure(pos, "FOR VERSION AS OF follows the name of a table");
  }

  /** The name of a tag or branch, in the form in which it follows the colon. */
  static String named(String name) {
    return NAME.matcher(name).matches() && !NUMBER.matcher(name).matches()
        ? name
        : "'" + name + "'";
  }

  /** A TIMESTAMP literal in the form in which it follows the colon. */
  static String time(SqlNode literal) {
    SqlTimestampLiteral time = timestamp(literal);
    if (time == null) {
      throw failure(
          literal.getParserPosition(), "expected VERSION, TAG, BRANCH or a TIMESTAMP literal");
    }
    return "@" + time.toFormattedString();
  }

  /** A table as of a time: a constant one is part of the name, others stay expressions. */
  static SqlNode asOf(SqlNode table, SqlNode time, SqlParserPos pos) {
    if (table instanceof SqlIdentifier && timestamp(time) != null) {
      return of(table, time(time), pos);
    }
    return new SqlSnapshot(pos, table, time instanceof SqlDynamicParam ? typed(time) : time);
  }

  /** A parameter as a TIMESTAMP with milliseconds: nothing else tells its type. */
  private static SqlNode typed(SqlNode parameter) {
    SqlParserPos pos = parameter.getParserPosition();
    SqlDataTypeSpec type =
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, 3, pos), pos);
    return SqlStdOperatorTable.CAST.createCall(pos, parameter, type);
  }

  /** Fails unless the version is told by a constant. */
  static SqlIdentifier constant(SqlNode version) {
    if (version instanceof SqlTableVersion constant) {
      return constant;
    }
    throw failure(version.getParserPosition(), "expected a TIMESTAMP literal");
  }

  private static @Nullable SqlTimestampLiteral timestamp(SqlNode node) {
    SqlLiteral literal =
        node instanceof SqlUnknownLiteral unknown && unknown.tag.equals("TIMESTAMP")
            ? unknown.resolve(SqlTypeName.TIMESTAMP)
            : node instanceof SqlLiteral known ? known : null;
    return literal instanceof SqlTimestampLiteral time ? time : null;
  }

  private static CalciteContextException failure(SqlParserPos pos, String message) {
    return new CalciteContextException(
        message,
        new IllegalArgumentException(message),
        pos.getLineNum(),
        pos.getColumnNum(),
        pos.getEndLineNum(),
        pos.getEndColumnNum());
  }

  /** The reference under the table's own name, if it is a version and has no other alias. */
  static SqlNode withAlias(SqlNode tableRef) {
    return tableRef instanceof SqlTableVersion version
        ? SqlStdOperatorTable.AS.createCall(
            version.getParserPosition(),
            version,
            new SqlIdentifier(Util.last(version.table.names), version.getParserPosition()))
        : tableRef;
  }

  /** The table, without the version. */
  public SqlIdentifier table() {
    return table;
  }

  @Override
  public SqlNode clone(SqlParserPos pos) {
    return new SqlTableVersion(table, version, pos);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    unparseTable(writer);
    writer.keyword("FOR");
    writer.keyword(version.startsWith("@") ? "SYSTEM_TIME" : "VERSION");
    writer.keyword("AS OF");
    if (version.startsWith("@")) {
      writer.keyword("TIMESTAMP");
    }
    writer.literal(literal());
  }

  /** Writes the table. */
  void unparseTable(SqlWriter writer) {
    table.unparse(writer, 0, 0);
  }

  /** Writes the version as RESTORE TABLE names it. */
  void unparseVersion(SqlWriter writer) {
    writer.keyword(version.startsWith("@") ? "TIMESTAMP" : "VERSION");
    writer.literal(literal());
  }

  private String literal() {
    return version.startsWith("@")
        ? "'" + version.substring(1) + "'"
        : NUMBER.matcher(version).matches() ? version : quoted(version);
  }

  private static String quoted(String name) {
    boolean isQuoted = name.startsWith("'");
    String bare = isQuoted ? name.substring(1, name.length() - 1) : name;
    return "'" + bare.replace("'", "''") + "'";
  }
}
