package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.tools.FrameworkConfig;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.Planner;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.functions.Functions;
import org.bindsql.rules.BindRules;
import org.bindsql.rules.StoreAssignment;
import org.jspecify.annotations.Nullable;

/** A plain Calcite planner over the tables of a space, as an embedding application has it. */
final class Sql {
  private final SchemaPlus root = Frameworks.createRootSchema(true);
  private final List<RelOptRule> rules;
  private final int batchSize;

  Sql(BindSpace space, List<RelOptRule> rules, int batchSize) {
    this.rules = rules;
    this.batchSize = batchSize;
    root.add("bindspace", new BindSpaceSchema(space));
  }

  /** With all rules and the default batch size. */
  Sql(BindSpace space) {
    this(space, BindRules.ALL, ExecutionContext.DEFAULT_BATCH_SIZE);
  }

  String explain(String sql) {
    return RelOptUtil.toString(optimize(sql), SqlExplainLevel.EXPPLAN_ATTRIBUTES);
  }

  /** Number of rows that a statement changed. */
  long update(String sql, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = rows(sql, parameters);
    assertEquals(1, rows.size());
    return ((Number) Objects.requireNonNull(rows.getFirst().getFirst())).longValue();
  }

  /** Asserts that a statement fails with the given code, whatever wraps the failure. */
  void fails(ErrorCode code, String sql, @Nullable Object... parameters) {
    Throwable failure = assertThrows(Throwable.class, () -> rows(sql, parameters));
    Throwable cause = failure;
    while (cause != null && !(cause instanceof BindSqlException)) {
      cause = cause.getCause();
    }
    if (!(cause instanceof BindSqlException known)) {
      throw new AssertionError("not one of our errors: " + failure, failure);
    }
    assertEquals(code, known.code(), known.getMessage());
  }

  /** All rows; each a list of values in Enumerable's form. */
  List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
    return run(optimize(sql), parameters);
  }

  /** The logical plan. */
  RelNode convert(String sql) {
    try (Planner planner = Frameworks.getPlanner(config())) {
      return planner.rel(planner.validate(planner.parse(sql))).rel;
    } catch (Exception e) {
      throw new IllegalArgumentException(sql, e);
    }
  }

  private FrameworkConfig config() {
    SqlParser.Config parser =
        SqlParser.config()
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withCaseSensitive(false);
    Program standard = Programs.standard();
    Program program =
        (planner, rel, traits, materializations, lattices) -> {
          rules.forEach(planner::addRule);
          return standard.run(planner, rel, traits, materializations, lattices);
        };
    return Frameworks.newConfigBuilder()
        .parserConfig(parser)
        .sqlValidatorConfig(
            SqlValidator.Config.DEFAULT.withTypeCoercionFactory(StoreAssignment::new))
        .defaultSchema(Objects.requireNonNull(root.subSchemas().get("bindspace")))
        .operatorTable(
            SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
        .programs(program)
        .build();
  }

  EnumerableRel optimize(String sql) {
    try (Planner planner = Frameworks.getPlanner(config())) {
      RelRoot rel = planner.rel(planner.validate(planner.parse(sql)));
      return (EnumerableRel)
          planner.transform(
              0,
              rel.rel
                  .getTraitSet()
                  .replace(EnumerableConvention.INSTANCE)
                  .replace(rel.isRefTrivial() ? rel.collation : RelCollations.EMPTY)
                  .simplify(),
              rel.project());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(sql, e);
    }
  }

  private List<List<@Nullable Object>> run(EnumerableRel rel, @Nullable Object... parameters) {
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
                  null);
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
      try (Enumerator<?> row = bindable.bind(new Variables(root, variables)).enumerator()) {
        while (row.moveNext()) {
          Object values = row.current();
          rows.add(
              values instanceof Object[] array && rel.getRowType().getFieldCount() != 1
                  ? new ArrayList<>(Arrays.asList(array))
                  : new ArrayList<>(Arrays.asList(values)));
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
