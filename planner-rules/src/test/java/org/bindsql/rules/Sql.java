package org.bindsql.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.tools.FrameworkConfig;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.Planner;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.jspecify.annotations.Nullable;

/**
 * A plain Calcite planner over some tables, as an embedding application has it: plans and runs SQL,
 * and fails if a statement leaks Arrow memory.
 */
final class Sql {
  private final SchemaPlus root = Frameworks.createRootSchema(true);
  private final List<RelOptRule> rules;
  private final SqlOperatorTable operators;
  private int batchSize = ExecutionContext.DEFAULT_BATCH_SIZE;
  private @Nullable Profile profile;

  Sql(List<? extends RelOptRule> rules, SqlOperatorTable operators) {
    this.rules = List.copyOf(rules);
    this.operators = operators;
  }

  Sql(List<? extends RelOptRule> rules) {
    this(rules, SqlStdOperatorTable.instance());
  }

  Sql with(String name, Table table) {
    root.add(name, table);
    return this;
  }

  Sql withBatchSize(int rows) {
    batchSize = rows;
    return this;
  }

  Sql withProfile(Profile sink) {
    profile = sink;
    return this;
  }

  /** The plan as text, without ids and costs. */
  String explain(String sql) {
    return RelOptUtil.toString(optimize(sql), SqlExplainLevel.EXPPLAN_ATTRIBUTES)
        .replace("\r\n", "\n");
  }

  /** All rows; each a list of values in Enumerable's form. */
  List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
    return run(optimize(sql), Integer.MAX_VALUE, parameters);
  }

  /** The first rows only, after which the enumerator is closed. */
  List<List<@Nullable Object>> firstRows(int count, String sql, @Nullable Object... parameters) {
    return run(optimize(sql), count, parameters);
  }

  EnumerableRel optimize(String sql) {
    SqlParser.Config parser =
        SqlParser.config().withUnquotedCasing(Casing.UNCHANGED).withCaseSensitive(false);
    Program standard = Programs.standard();
    Program program =
        (planner, rel, traits, materializations, lattices) -> {
          rules.forEach(planner::addRule);
          return standard.run(planner, rel, traits, materializations, lattices);
        };
    FrameworkConfig config =
        Frameworks.newConfigBuilder()
            .parserConfig(parser)
            .defaultSchema(root)
            .operatorTable(operators)
            .programs(program)
            .build();
    try (Planner planner = Frameworks.getPlanner(config)) {
      SqlNode valid = planner.validate(planner.parse(sql));
      RelRoot rel = planner.rel(valid);
      // The collation may be on a field that the statement does not return.
      RelTraitSet traits = rel.project().getTraitSet().replace(EnumerableConvention.INSTANCE);
      return (EnumerableRel) planner.transform(0, traits.simplify(), rel.project());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(sql, e);
    }
  }

  List<List<@Nullable Object>> run(EnumerableRel rel, int limit, @Nullable Object... parameters) {
    Map<String, Object> variables = new HashMap<>();
    try (RootAllocator memory = new RootAllocator()) {
      ExecutionContext.Source source =
          values ->
              new ExecutionContext(
                  memory.newChildAllocator("statement", 0, Long.MAX_VALUE),
                  values,
                  new AtomicBoolean(),
                  batchSize,
                  2,
                  profile);
      var bindable =
          EnumerableInterpretable.toBindable(variables, null, rel, EnumerableRel.Prefer.ARRAY);
      variables.put(ExecutionContext.Source.VARIABLE, source);
      for (int i = 0; i < parameters.length; i++) {
        Object parameter = parameters[i];
        if (parameter != null) {
          variables.put("?" + i, parameter);
        }
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (Enumerator<?> enumerator = bindable.bind(new Variables(root, variables)).enumerator()) {
        while (rows.size() < limit && enumerator.moveNext()) {
          Object row = enumerator.current();
          rows.add(
              row instanceof Object[] values && rel.getRowType().getFieldCount() != 1
                  ? new ArrayList<>(Arrays.asList(values))
                  : new ArrayList<>(Arrays.asList(row)));
        }
      }
      return rows;
    }
  }

  private record Variables(SchemaPlus root, Map<String, Object> values) implements DataContext {
    @Override
    public SchemaPlus getRootSchema() {
      return root;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
      return new JavaTypeFactoryImpl();
    }

    @Override
    public QueryProvider getQueryProvider() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Object get(String name) {
      return values.get(name);
    }
  }
}
