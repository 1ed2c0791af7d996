package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContexts;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.functions.Functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Seeded random queries with the cascade, without it, and by sorting in Java: one answer.
 *
 * <p>Each statement is planned once and run over many tables.
 */
class CascadeAnswersTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int STATEMENTS = 60;
  private static final int RUNS = 17;
  private static final int[] WIDTHS = {8, 13, 100, 2048};
  private static final int FIRST_CODE = 3;

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(32, true)),
              Field.nullable("tag", new ArrowType.Int(32, true)),
              Field.nullable("name", ArrowType.Utf8.INSTANCE),
              Field.nullable("c8", new ArrowType.FixedSizeBinary(8)),
              Field.nullable("c13", new ArrowType.FixedSizeBinary(13)),
              Field.nullable("c100", new ArrowType.FixedSizeBinary(100)),
              Field.nullable("c2048", new ArrowType.FixedSizeBinary(2048))));

  /** How a statement measures: SQL function, direction that puts the nearest first, byte count. */
  private enum Measure {
    HAMMING("hamming_distance", "ASC"),
    SEMANTIC("semantic_distance", "ASC"),
    SIMILARITY("similarity", "DESC");

    final String function;
    final String direction;

    Measure(String function, String direction) {
      this.function = function;
      this.direction = direction;
    }
  }

  private enum Condition {
    NONE(""),
    ACCEPTED("tag = 1"),
    REMAINDER("tag > 0"),
    BY_ROW("name LIKE 'n1%'"),
    BOTH("tag = 1 AND (name LIKE 'n1%' OR id < 100)"),
    NOTHING("tag = 7");

    final String sql;

    Condition(String sql) {
      this.sql = sql;
    }

    boolean passes(@Nullable Object[] row) {
      int id = (Integer) notNull(row[0]);
      Integer tag = (Integer) row[1];
      boolean n1 = row[2] instanceof String name && name.startsWith("n1");
      return switch (this) {
        case NONE -> true;
        case ACCEPTED -> tag != null && tag == 1;
        case REMAINDER -> tag != null && tag > 0;
        case BY_ROW -> n1;
        case BOTH -> tag != null && tag == 1 && (n1 || id < 100);
        case NOTHING -> false;
      };
    }
  }

  /** A statement with parameters: query, then radius if any, then limit and offset if any. */
  private record Statement(
      Measure measure,
      int column,
      Condition condition,
      boolean radius,
      boolean topK,
      boolean nullsFirst) {

    String sql() {
      String code = SCHEMA.getFields().get(column).getName();
      StringBuilder where = new StringBuilder(condition.sql);
      if (radius) {
        where.append(where.isEmpty() ? "" : " AND ");
        where.append(measure == Measure.SIMILARITY ? "d >= ?" : "d <= ?");
      }
      return "SELECT id, name, d FROM (SELECT id, tag, name, %s(%s, ?) AS d FROM t) %s %s"
          .formatted(
              measure.function,
              code,
              where.isEmpty() ? "" : "WHERE " + where,
              topK
                  ? "ORDER BY d %s NULLS %s LIMIT ? OFFSET ?"
                      .formatted(measure.direction, nullsFirst ? "FIRST" : "LAST")
                  : "");
    }
  }

  private final CodeTable table = new CodeTable(SCHEMA, List.of(), 1, 1);

  @Test
  void cascadeAndReferenceAndBruteForceAgree() {
    Random random = new Random(SEED);
    for (int i = 0; i < STATEMENTS; i++) {
      Measure measure = Measure.values()[random.nextInt(3)];
      int width = measure == Measure.SEMANTIC ? 3 : random.nextInt(WIDTHS.length);
      boolean topK = random.nextInt(4) > 0;
      Statement statement =
          new Statement(
              measure,
              FIRST_CODE + width,
              Condition.values()[random.nextInt(Condition.values().length)],
              !topK || random.nextInt(3) == 0,
              topK,
              random.nextBoolean());
      Prepared cascade = prepare(BindRules.ALL, statement.sql());
      Prepared reference = prepare(BindRules.REFERENCE, statement.sql());
      assertTrue(cascade.plan.contains("HdrCascade"), cascade.plan);
      assertTrue(!reference.plan.contains("HdrCascade"), reference.plan);
      for (int run = 0; run < RUNS; run++) {
        check(statement, cascade, reference, random);
      }
    }
  }

  private void check(Statement statement, Prepared cascade, Prepared reference, Random random) {
    int rows = random.nextInt(8) == 0 ? random.nextInt(3) : random.nextInt(run(random));
    int bytes = WIDTHS[statement.column - FIRST_CODE];
    byte[] query = new byte[bytes];
    random.nextBytes(query);
    table.setRows(
        randomRows(rows, query, statement.column, random),
        1 + random.nextInt(rows + 1),
        1 + random.nextInt(2000));
    boolean nullQuery = random.nextInt(15) == 0;
    int bits = statement.measure == Measure.SEMANTIC ? 1664 * 8 : bytes * 8;
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.add(nullQuery ? null : new ByteString(query));
    Object radius = null;
    if (statement.radius) {
      int distance = random.nextInt(bits / 2 + 2) - 1;
      radius =
          random.nextInt(20) == 0
              ? null
              : statement.measure == Measure.SIMILARITY
                  ? (Object) (1.0 - (double) distance / bits)
                  : (Object) distance;
      parameters.add(radius);
    }
    int limit = random.nextInt(4) == 0 ? rows + random.nextInt(6) : random.nextInt(25);
    int offset = random.nextBoolean() ? 0 : random.nextInt(30);
    if (statement.topK) {
      parameters.add(limit);
      parameters.add(offset);
    }
    List<List<@Nullable Object>> expected =
        bruteForce(statement, nullQuery ? null : query, radius, limit, offset);
    String what = "%s rows %d seed %d".formatted(statement, rows, SEED);
    assertEquals(expected, cascade.rows(parameters, random), what);
    assertEquals(expected, reference.rows(parameters, random), what);
    assertEquals(0, table.open.get(), what);
  }

  private static int run(Random random) {
    return random.nextInt(10) == 0 ? 5000 : 400;
  }

  private static List<@Nullable Object[]> randomRows(
      int count, byte[] query, int column, Random random) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int nullPercent = new int[] {0, 0, 20, 100}[random.nextInt(4)];
    for (int i = 0; i < count; i++) {
      @Nullable Object[] row = new Object[SCHEMA.getFields().size()];
      row[0] = i;
      row[1] = random.nextInt(5) == 0 ? null : random.nextInt(3);
      row[2] = random.nextInt(5) == 0 ? null : "n" + random.nextInt(30);
      if (random.nextInt(100) >= nullPercent) {
        byte[] code = query.clone();
        int changed = random.nextInt(3) == 0 ? code.length : random.nextInt(4); // so ties abound
        for (int j = 0; j < changed; j++) {
          code[random.nextInt(code.length)] = (byte) random.nextInt(256);
        }
        row[column] = code;
      }
      rows.add(row);
    }
    return rows;
  }

  private List<List<@Nullable Object>> bruteForce(
      Statement statement,
      byte @Nullable [] query,
      @Nullable Object radius,
      int limit,
      int offset) {
    List<List<@Nullable Object>> found = new ArrayList<>();
    for (@Nullable Object[] row : table.rows()) {
      Object d = measure(statement, (byte[]) row[statement.column], query);
      if (statement.condition.passes(row)
          && (!statement.radius || isWithin(statement, d, radius))) {
        found.add(Arrays.asList(row[0], row[2], d));
      }
    }
    if (!statement.topK) {
      return found;
    }
    Comparator<Double> byValue =
        statement.measure == Measure.SIMILARITY
            ? Comparator.<Double>reverseOrder()
            : Comparator.<Double>naturalOrder();
    Comparator<@Nullable Double> order =
        statement.nullsFirst ? Comparator.nullsFirst(byValue) : Comparator.nullsLast(byValue);
    return found.stream()
        .sorted(Comparator.comparing(CascadeAnswersTest::distance, order))
        .skip(offset)
        .limit(limit)
        .toList();
  }

  private static @Nullable Double distance(List<@Nullable Object> row) {
    return row.get(2) instanceof Number number ? number.doubleValue() : null;
  }

  private static boolean isWithin(
      Statement statement, @Nullable Object d, @Nullable Object radius) {
    if (!(d instanceof Number value) || !(radius instanceof Number bound)) {
      return false;
    }
    return statement.measure == Measure.SIMILARITY
        ? value.doubleValue() >= bound.doubleValue()
        : value.doubleValue() <= bound.doubleValue();
  }

  private static @Nullable Object measure(
      Statement statement, byte @Nullable [] code, byte @Nullable [] query) {
    if (code == null || query == null) {
      return null;
    }
    int bytes = statement.measure == Measure.SEMANTIC ? 1664 : code.length;
    int sum = 0;
    for (int i = 0; i < bytes; i++) {
      sum += Integer.bitCount((code[i] ^ query[i]) & 0xFF);
    }
    if (statement.measure == Measure.SIMILARITY) {
      return 1.0 - (double) sum / (8 * bytes);
    }
    return sum;
  }

  private static Object notNull(@Nullable Object value) {
    return java.util.Objects.requireNonNull(value);
  }

  private Prepared prepare(List<RelOptRule> rules, String sql) {
    Sql planner =
        new Sql(
                rules,
                SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
            .with("t", table);
    EnumerableRel rel = planner.optimize(sql);
    Map<String, Object> stashed = new HashMap<>();
    Bindable<?> bindable =
        EnumerableInterpretable.toBindable(stashed, null, rel, EnumerableRel.Prefer.ARRAY);
    return new Prepared(org.apache.calcite.plan.RelOptUtil.toString(rel), bindable, stashed);
  }

  /** A plan that can be run again and again. */
  private record Prepared(String plan, Bindable<?> bindable, Map<String, Object> stashed) {
    List<List<@Nullable Object>> rows(List<@Nullable Object> parameters, Random random) {
      Map<String, Object> variables = new HashMap<>(stashed);
      for (int i = 0; i < parameters.size(); i++) {
        Object parameter = parameters.get(i);
        if (parameter != null) {
          variables.put("?" + i, parameter);
        }
      }
      int batchSize = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 4096;
      int threads = 1 + random.nextInt(3);
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (RootAllocator memory = new RootAllocator()) {
        ExecutionContext.Source source =
            values ->
                new ExecutionContext(
                    memory.newChildAllocator("statement", 0, Long.MAX_VALUE),
                    values,
                    new AtomicBoolean(),
                    batchSize,
                    threads,
                    null);
        variables.put(ExecutionContext.Source.VARIABLE, source);
        try (Enumerator<?> rowsFound = bindable.bind(DataContexts.of(variables)).enumerator()) {
          while (rowsFound.moveNext()) {
            rows.add(Arrays.asList((Object[]) rowsFound.current()));
          }
        }
      }
      return rows;
    }
  }
}
