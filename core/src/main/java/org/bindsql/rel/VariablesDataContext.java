package org.bindsql.rel;

import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.schema.SchemaPlus;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** A statement's variables as the DataContext that generated row code reads. */
final class VariablesDataContext implements DataContext {
  private final ExecutionContext context;
  private final JavaTypeFactory typeFactory;
  private final Map<String, Object> constants;
  private @Nullable Object @Nullable [] row;

  VariablesDataContext(ExecutionContext context, RexBuilder rexBuilder) {
    this(context, rexBuilder, Map.of());
  }

  /**
   * The variables of a statement, and further ones.
   *
   * @param constants what is not the statement's, by name
   */
  VariablesDataContext(
      ExecutionContext context, RexBuilder rexBuilder, Map<String, Object> constants) {
    this.context = context;
    this.constants = constants;
    this.typeFactory = new JavaTypeFactoryImpl(rexBuilder.getTypeFactory().getTypeSystem());
  }

  /** Sets the row that column references of generated code read. */
  void setRow(@Nullable Object[] newRow) {
    this.row = newRow;
  }

  @Override
  public @Nullable SchemaPlus getRootSchema() {
    return null;
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return typeFactory;
  }

  @Override
  public QueryProvider getQueryProvider() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Object get(String name) {
    Object constant = constants.get(name);
    return constant != null
        ? constant
        : name.equals("inputRecord") ? row : context.variables().apply(name);
  }
}
