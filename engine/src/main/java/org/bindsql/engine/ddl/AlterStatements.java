package org.bindsql.engine.ddl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.ddl.SqlTruncateTable;
import org.bindsql.engine.QueryBatches;
import org.bindsql.engine.Session;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.Literals;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.ddl.LanceColumns;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableDetails;
import org.bindsql.parser.SqlAlterTable;
import org.bindsql.parser.SqlColumnDefinition;
import org.bindsql.parser.SqlComment;
import org.bindsql.table.ChangeTable;
import org.bindsql.type.ConvertedBatches;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The work of ALTER TABLE, COMMENT ON and TRUNCATE TABLE. */
public final class AlterStatements {
  private static final String DOES = "can be altered";

  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public AlterStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /**
   * The query of every row's address and its value in a column that the statement computes; null if
   * it computes none.
   */
  public @Nullable String query(SqlAlterTable alter) {
    TableName name = TableName.resolve(alter.table(), context);
    if (alter.ifExists() && name.entry() == null) {
      return null;
    }
    String value =
        switch (alter.change()) {
          case SqlAlterTable.AddColumn add -> {
            SqlNode expression = add.value();
            yield expression == null || add.ifNotExists() && has(name, add.column())
                ? null
                : cast(Literals.sql(expression), add.column().type());
          }
          case SqlAlterTable.SetType set -> cast(Literals.sql(set.column()), set.type());
          default -> null;
        };
    if (value == null) {
      return null;
    }
    if (name.entry() != null) {
      name.lanceTable(DOES); // others have no addresses
    }
    return "SELECT \"%s\", %s FROM %s EXTEND (\"%s\" BIGINT)"
        .formatted(
            ChangeTable.ROW_ADDRESS, value, Literals.sql(alter.table()), ChangeTable.ROW_ADDRESS);
  }

  private boolean has(TableName name, SqlColumnDefinition column) {
    return find(name.lanceTable(DOES), column.name()) != null;
  }

  /** The value in a type of SQL's; types that only columns have are made of it later. */
  private static String cast(String value, @Nullable SqlDataTypeSpec type) {
    if (type == null || !(type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic)) {
      return "(" + value + ")";
    }
    // A CAST would cut off what is too long.
    boolean text = ColumnTypes.hasLength(type);
    String name = basic.getTypeName().getSimple();
    String to = !text ? Literals.sql(type) : name.equals("CHAR") ? "VARCHAR" : name;
    return "CAST(" + value + " AS " + to + ")";
  }

  /**
   * Changes the table.
   *
   * @param values what {@link #query} selects, or null
   */
  public long alter(SqlAlterTable alter, @Nullable QueryBatches values, DataContext root) {
    session.beginWrite("ALTER TABLE");
    TableName name = TableName.resolve(alter.table(), context);
    if (alter.ifExists() && name.entry() == null) {
      return 0;
    }
    LanceTable table = name.lanceTable(DOES);
    switch (alter.change()) {
      case SqlAlterTable.AddColumn add -> add(table, add, values, root);
      case SqlAlterTable.DropColumn drop -> drop(table, drop);
      case SqlAlterTable.RenameColumn rename -> {
        String column = column(table, rename.column());
        String to = rename.name().getSimple();
        if (!to.equalsIgnoreCase(column)) {
          checkNew(table, rename.name());
        }
        ColumnNames.check(to);
        if (!to.equals(column)) {
          LanceColumns.rename(table, column, to);
        }
      }
      case SqlAlterTable.RenameTable rename ->
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED,
              "RENAME TO is not supported: a writer at work in table '"
                  + table.name()
                  + "' would lose its rows; copy it with CREATE TABLE AS");
      case SqlAlterTable.SetNullable set -> {
        String column = column(table, set.column());
        if (set.nullable()) {
          checkNoKey(table, column, "become NULL");
        }
        LanceColumns.setNullable(table, column, set.nullable());
      }
      case SqlAlterTable.SetType set -> setType(table, set, values, root);
    }
    return 0;
  }

  private void add(
      LanceTable table,
      SqlAlterTable.AddColumn add,
      @Nullable QueryBatches values,
      DataContext root) {
    SqlColumnDefinition column = add.column();
    if (add.ifNotExists() && find(table, column.name()) != null) {
      return;
    }
    checkNew(table, column.name());
    ColumnNames.check(column.name().getSimple());
    if (add.elements().size() > 1) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "a column is added without constraints but NOT NULL"
              + SqlText.at(add.elements().get(1).getParserPosition()));
    }
    if (values == null) {
      LanceColumns.add(table, TableElements.field(column));
    } else {
      Field field = computed(column, values.schema().getFields().get(1));
      LanceColumns.add(table, field, () -> rows(values, field, root));
    }
  }

  private static Field computed(SqlColumnDefinition column, Field value) {
    if (column.type() != null) {
      return TableElements.field(column);
    }
    Boolean nullable = column.nullable();
    return new Field(
        column.name().getSimple(),
        new FieldType(
            nullable == null || nullable, value.getType(), null, TableElements.metadata(column)),
        value.getChildren());
  }

  private BatchReader rows(QueryBatches values, Field field, DataContext root) {
    Schema wanted = new Schema(List.of(values.schema().getFields().getFirst(), field));
    return new ConvertedBatches(values.open(root), wanted, session.database().allocator());
  }

  private static void drop(LanceTable table, SqlAlterTable.DropColumn drop) {
    String column = find(table, drop.column());
    if (column == null && drop.ifExists()) {
      return;
    }
    column = column(table, drop.column());
    checkNoKey(table, column, "be dropped");
    if (table.details().fields().size() == 1) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "column '" + column + "' is the only one; a table needs at least one");
    }
    LanceColumns.drop(table, column);
  }

  private void setType(
      LanceTable table,
      SqlAlterTable.SetType set,
      @Nullable QueryBatches values,
      DataContext root) {
    String column = column(table, set.column());
    checkNoKey(table, column, "change its type");
    Field old = table.arrowSchema().findField(column);
    Map<String, String> metadata =
        new HashMap<>(table.details().fields().getOrDefault(column, Map.of()));
    metadata.remove(TableDefinition.SQL_TYPE);
    if (ColumnTypes.hasLength(set.type())) {
      metadata.put(TableDefinition.SQL_TYPE, ColumnTypes.name(set.type()));
    }
    Field field = ColumnTypes.field(column, set.type(), old.isNullable(), metadata);
    if (values == null) {
      throw new IllegalStateException("no query for " + set);
    }
    LanceColumns.setType(table, field, () -> rows(values, field, root));
  }

  /** Sets or removes a comment. */
  public long comment(SqlComment comment) {
    session.beginWrite("COMMENT");
    SqlNode literal = comment.text();
    String text = literal == null ? null : Literals.text(literal);
    SqlIdentifier name = comment.name();
    if (!comment.isOnColumn()) {
      LanceColumns.comment(
          TableName.resolve(name, context).lanceTable("have comments"), null, text);
      return 0;
    }
    int last = name.names.size() - 1;
    if (last == 0) {
      throw new BindSqlException(
          ErrorCode.SYNTAX,
          "COMMENT ON COLUMN names table.column" + SqlText.at(name.getParserPosition()));
    }
    LanceTable table =
        TableName.resolve(name.getComponent(0, last), context).lanceTable("have comments");
    LanceColumns.comment(table, column(table, name.getComponent(last)), text);
    return 0;
  }

  /** Removes all rows; returns how many there were. */
  public long truncate(SqlTruncateTable truncate) {
    session.beginWrite("TRUNCATE TABLE");
    return LanceColumns.truncate(
        TableName.resolve(truncate.name, context).lanceTable("can be truncated"));
  }

  /** The column as the table writes it; null if there is none. */
  private static @Nullable String find(LanceTable table, SqlIdentifier name) {
    String wanted = name.getSimple();
    for (String column : table.details().fields().keySet()) {
      if (column.equalsIgnoreCase(wanted)) {
        return column;
      }
    }
    return null;
  }

  private static String column(LanceTable table, SqlIdentifier name) {
    String column = find(table, name);
    if (column == null) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_COLUMN,
          "table '%s' has no column '%s'%s"
              .formatted(table.name(), name.getSimple(), SqlText.at(name.getParserPosition())));
    }
    return column;
  }

  private static void checkNew(LanceTable table, SqlIdentifier name) {
    if (find(table, name) != null) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "table '%s' has a column '%s'%s"
              .formatted(table.name(), name.getSimple(), SqlText.at(name.getParserPosition())));
    }
  }

  private static void checkNoKey(LanceTable table, String column, String what) {
    TableDetails details = table.details();
    if (details.primaryKey().contains(column)) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "column '%s' is part of the primary key of table '%s' and cannot %s"
              .formatted(column, table.name(), what));
    }
  }
}
