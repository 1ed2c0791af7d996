package org.bindsql.lance.view;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.type.ArrowTypes;
import org.jspecify.annotations.Nullable;

/**
 * A view of a folder. A query that names it is planned as if it had written the view's query in its
 * place, so all tables are read in the statement's one version.
 */
public final class LanceView extends AbstractTable implements TranslatableTable {
  /** Files of the views whose queries are being planned, the innermost last. */
  private static final ThreadLocal<Deque<Path>> PLANNED = ThreadLocal.withInitial(ArrayDeque::new);

  private final String name;
  private final Path file;
  private volatile @Nullable ViewDefinition definition;

  LanceView(String name, Path file) {
    this.name = name;
    this.file = file;
  }

  /** What the view is made of; fails with DATA_CORRUPTED if its file is damaged. */
  public ViewDefinition definition() {
    ViewDefinition known = definition;
    if (known == null) {
      known = LanceViews.read(name, file);
      definition = known;
    }
    return known;
  }

  /**
   * Plans the query that a view is to have; it fails if it needs the view itself.
   *
   * @param planning plans the query
   */
  public <T> T planNew(Supplier<T> planning) {
    Deque<Path> planned = PLANNED.get();
    planned.addLast(file);
    try {
      return planning.get();
    } finally {
      planned.removeLast();
    }
  }

  /** The columns; each may be NULL, whatever those of the tables said when the view was made. */
  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder columns = typeFactory.builder();
    ArrowTypes.toRowType(typeFactory, definition().columns())
        .getFieldList()
        .forEach(column -> columns.add(column).nullable(true));
    return columns.build();
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.VIEW;
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    Deque<Path> planned = PLANNED.get();
    if (planned.contains(file)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "view '" + name + "' is defined by itself");
    }
    planned.addLast(file);
    try {
      RelDataType rowType = table.getRowType();
      RelRoot root =
          context.expandView(
              rowType,
              definition().query(),
              List.of(definition().schema()),
              table.getQualifiedName());
      RelNode query = root.project(true);
      if (query.getRowType().getFieldCount() != rowType.getFieldCount()) {
        throw new BindSqlException(
            ErrorCode.NO_SUCH_COLUMN,
            "its query has %d columns by now, the view %d"
                .formatted(query.getRowType().getFieldCount(), rowType.getFieldCount()));
      }
      return RelOptUtil.createCastRel(query, rowType, true);
    } catch (RuntimeException e) {
      throw failed(e);
    } finally {
      planned.removeLast();
      if (planned.isEmpty()) {
        PLANNED.remove();
      }
    }
  }

  private BindSqlException failed(RuntimeException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof BindSqlException)) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    ErrorCode code =
        cause instanceof BindSqlException own
            ? own.code()
            : message.startsWith("Object ")
                ? ErrorCode.NO_SUCH_TABLE
                : message.startsWith("Column ")
                    ? ErrorCode.NO_SUCH_COLUMN
                    : ErrorCode.NOT_SUPPORTED;
    return new BindSqlException(code, "view '" + name + "': " + message, failure);
  }
}
