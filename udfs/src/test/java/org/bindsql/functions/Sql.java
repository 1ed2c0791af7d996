package org.bindsql.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.DataContexts;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.tools.FrameworkConfig;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.Planner;
import org.apache.calcite.tools.Programs;
import org.apache.calcite.tools.RelConversionException;
import org.apache.calcite.tools.ValidationException;
import org.jspecify.annotations.Nullable;

/** Plain Calcite with our operator table and a table {@code t} to query. */
final class Sql {
  private final SchemaPlus root;
  private final FrameworkConfig config;

  /** A table {@code t} of the given columns: names, types with length, and rows. */
  Sql(
      List<String> names,
      List<SqlTypeName> types,
      List<Integer> lengths,
      List<@Nullable Object[]> rows) {
    this.root = Frameworks.createRootSchema(true);
    root.add("t", new Table(names, types, lengths, rows));
    this.config =
        Frameworks.newConfigBuilder()
            .defaultSchema(root)
            .parserConfig(
                SqlParser.config().withUnquotedCasing(Casing.UNCHANGED).withCaseSensitive(false))
            .operatorTable(
                SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
            .programs(Programs.standard())
            .build();
  }

  /** A table of one row, {@code (id INTEGER) = (1)}. */
  static Sql oneRow() {
    return new Sql(
        List.of("id"),
        List.of(SqlTypeName.INTEGER),
        List.of(-1),
        List.<@Nullable Object[]>of(new Object[] {1}));
  }

  RelNode plan(String sql) {
    try (Planner planner = Frameworks.getPlanner(config)) {
      SqlNode parsed = planner.parse(sql);
      return planner.rel(planner.validate(parsed)).project();
    } catch (Exception e) {
      throw new AssertionError(sql + ": " + e + " / " + e.getCause(), e);
    }
  }

  /** Failure of parsing or validation, innermost message. */
  String failure(String sql) {
    try (Planner planner = Frameworks.getPlanner(config)) {
      planner.validate(planner.parse(sql));
    } catch (Exception e) {
      return innermost(e);
    }
    throw new AssertionError("no failure: " + sql);
  }

  /** Failure of running a query, innermost message. */
  String error(String sql, @Nullable Object... parameters) {
    try {
      List<List<@Nullable Object>> rows = rows(sql, parameters);
      throw new AssertionError("no failure: " + sql + ": " + rows);
    } catch (RuntimeException e) {
      return innermost(e);
    }
  }

  static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The plan after constant folding, as text. */
  String folded(String sql) {
    RelNode rel = plan(sql);
    HepPlanner planner =
        new HepPlanner(
            HepProgram.builder()
                .addRuleInstance(CoreRules.PROJECT_REDUCE_EXPRESSIONS)
                .addRuleInstance(CoreRules.FILTER_REDUCE_EXPRESSIONS)
                .build());
    rel.getCluster().getPlanner().setExecutor(new RexExecutorImpl(DataContexts.EMPTY));
    planner.setRoot(rel);
    return planner.findBestExp().explain();
  }

  /** Rows of a query in Enumerable's runtime form, binary values as byte[], in order. */
  List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
    Map<String, @Nullable Object> values = new HashMap<>();
    for (int i = 0; i < parameters.length; i++) {
      values.put("?" + i, parameters[i] instanceof byte[] b ? new ByteString(b) : parameters[i]);
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Planner planner = Frameworks.getPlanner(config)) {
      RelNode rel = planner.rel(planner.validate(planner.parse(sql))).project();
      rel.getCluster().getPlanner().setExecutor(new RexExecutorImpl(DataContexts.EMPTY));
      RelNode best =
          planner.transform(0, rel.getTraitSet().replace(EnumerableConvention.INSTANCE), rel);
      Map<String, Object> stashed = new HashMap<>();
      Bindable<@Nullable Object> bindable =
          EnumerableInterpretable.toBindable(
              stashed, null, (EnumerableRel) best, EnumerableRel.Prefer.ARRAY);
      boolean single = best.getRowType().getFieldCount() == 1;
      for (@Nullable Object row : bindable.bind(new Context(root, values, stashed))) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (@Nullable Object cell :
            single ? new @Nullable Object[] {row} : (@Nullable Object[]) row) {
          cells.add(cell instanceof ByteString bytes ? bytes.getBytes() : cell);
        }
        rows.add(cells);
      }
      return rows;
    } catch (SqlParseException | ValidationException | RelConversionException e) {
      throw new IllegalStateException(sql + ": " + innermost(e), e);
    }
  }

  /** The one value of a query with one row and one column. */
  @Nullable Object value(String sql, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = rows(sql, parameters);
    if (rows.size() != 1 || rows.getFirst().size() != 1) {
      throw new AssertionError(sql + ": not one value but " + rows);
    }
    return rows.getFirst().getFirst();
  }

  private record Context(
      SchemaPlus root, Map<String, @Nullable Object> parameters, Map<String, Object> stashed)
      implements DataContext {
    @Override
    public SchemaPlus getRootSchema() {
      return root;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
      return new JavaTypeFactoryImpl();
    }

    @Override
    public @Nullable QueryProvider getQueryProvider() {
      return null;
    }

    @Override
    public @Nullable Object get(String name) {
      return parameters.containsKey(name) ? parameters.get(name) : stashed.get(name);
    }
  }

  private static final class Table extends AbstractTable implements ScannableTable {
    private final List<String> names;
    private final List<SqlTypeName> types;
    private final List<Integer> lengths;
    private final List<@Nullable Object[]> rows;

    Table(
        List<String> names,
        List<SqlTypeName> types,
        List<Integer> lengths,
        List<@Nullable Object[]> rows) {
      this.names = names;
      this.types = types;
      this.lengths = lengths;
      this.rows = rows.stream().map(Table::runtimeForm).toList();
    }

    private static @Nullable Object[] runtimeForm(@Nullable Object[] row) {
      @Nullable Object[] converted = row.clone();
      for (int i = 0; i < row.length; i++) {
        if (row[i] instanceof byte[] bytes) {
          converted[i] = new ByteString(bytes);
        }
      }
      return converted;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder builder = factory.builder();
      for (int i = 0; i < names.size(); i++) {
        builder.add(
            names.get(i),
            factory.createTypeWithNullability(
                lengths.get(i) < 0
                    ? factory.createSqlType(types.get(i))
                    : factory.createSqlType(types.get(i), lengths.get(i)),
                true));
      }
      return builder.build();
    }

    @Override
    public Enumerable<@Nullable Object[]> scan(DataContext root) {
      return Linq4j.asEnumerable(rows);
    }
  }
}
