package org.bindsql.engine.run;

import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/** A connection's data context with the variables of one run of a statement on top. */
public record RunVariables(DataContext connection, Map<String, @Nullable Object> variables)
    implements DataContext {
  @Override
  public @Nullable Object get(String name) {
    return variables.containsKey(name) ? variables.get(name) : connection.get(name);
  }

  @Override
  public @Nullable SchemaPlus getRootSchema() {
    return connection.getRootSchema();
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return connection.getTypeFactory();
  }

  @Override
  public QueryProvider getQueryProvider() {
    return connection.getQueryProvider();
  }
}
