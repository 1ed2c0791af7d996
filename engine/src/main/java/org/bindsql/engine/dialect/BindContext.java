package org.bindsql.engine.dialect;

import java.util.List;
import java.util.Properties;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.tools.RelRunner;
import org.jspecify.annotations.Nullable;

/**
 * A statement's context with the choices that Calcite otherwise reads from connection properties,
 * fixed in code: no property names a class of ours, and none can replace it.
 */
public record BindContext(
    CalcitePrepare.Context context, CalciteConnectionConfig config, List<String> schema)
    implements CalcitePrepare.Context {
  /** The choices, the same for every connection. */
  public static final CalciteConnectionConfig CONFIG = new Config();

  /** A context with our choices. */
  public static BindContext of(CalcitePrepare.Context context) {
    return context instanceof BindContext bound
        ? bound
        : new BindContext(context, CONFIG, context.getDefaultSchemaPath());
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return context.getTypeFactory();
  }

  @Override
  public CalciteSchema getRootSchema() {
    return context.getRootSchema();
  }

  @Override
  public CalciteSchema getMutableRootSchema() {
    return context.getMutableRootSchema();
  }

  @Override
  public List<String> getDefaultSchemaPath() {
    return schema; // of when the statement was prepared, however often it is prepared again
  }

  @Override
  public DataContext getDataContext() {
    return context.getDataContext();
  }

  @Override
  public @Nullable List<String> getObjectPath() {
    return context.getObjectPath();
  }

  @Override
  public CalcitePrepare.SparkHandler spark() {
    return context.spark();
  }

  @Override
  public RelRunner getRelRunner() {
    return context.getRelRunner();
  }

  /** What a connection must be given so that its catalog agrees with the parser's identifiers. */
  public static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    properties.setProperty(CalciteConnectionProperty.UNQUOTED_CASING.camelName(), "UNCHANGED");
    properties.setProperty(CalciteConnectionProperty.QUOTED_CASING.camelName(), "UNCHANGED");
    properties.setProperty(CalciteConnectionProperty.QUOTING.camelName(), "DOUBLE_QUOTE");
    return properties;
  }

  private static final class Config extends CalciteConnectionConfigImpl {
    private Config() {
      super(properties());
    }

    @Override
    public <T> T fun(Class<T> operatorTableClass, T defaultOperatorTable) {
      return operatorTableClass.cast(Operators.TABLE);
    }

    @Override
    public SqlConformance conformance() {
      return BindConformance.INSTANCE;
    }
  }
}
