package org.bindsql.rel;

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
  private @Nullable Object @Nullable [] row;

  VariablesDataContext(ExecutionContext context, RexBuilder rexBuilder) {
    this.context = context;
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
    return name.equals("inputRecord") ? row : context.variables().apply(name);
  }
}
