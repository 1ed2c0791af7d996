package org.bindsql.engine;

import java.sql.Types;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare.CalciteSignature;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.exec.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The statement that runs a query, whose rows it drops, or a change, which it makes, and returns
 * the plan with what was counted.
 */
final class ExplainAnalyze {
  private ExplainAnalyze() {}

  static <T> CalciteSignature<T> signature(
      String sql, BindContext context, StatementSignature<Object> query, @Nullable RelNode plan) {
    RelDataType type = context.getTypeFactory().builder().add("PLAN", SqlTypeName.VARCHAR).build();
    return new Commands.Signature<>(
        sql,
        context,
        query.parameters,
        query.internalParameters,
        type,
        Commands.column("PLAN", ColumnMetaData.scalar(Types.VARCHAR, "VARCHAR", Rep.STRING)),
        Meta.StatementType.SELECT) {
      @Override
      Object value(DataContext root) {
        Profile[] last = {new Profile()};
        long start = System.nanoTime();
        String count =
            query.statementType == Meta.StatementType.IS_DML
                ? "rows changed=" + changed(query, root, last)
                : "rows=" + rows(query, root, last[0]);
        long nanos = System.nanoTime() - start;
        return (plan == null ? "" : describe(plan, last[0]))
            + "total: "
            + count
            + ", time="
            + milliseconds(nanos);
      }
    };
  }

  /** Makes a change; of its runs, should one lose a race, the last is the one that counts. */
  private static long changed(StatementSignature<Object> query, DataContext root, Profile[] last) {
    return query.execute(
        root,
        () -> {
          Profile profile = new Profile();
          last[0] = profile;
          return profile;
        });
  }

  private static long rows(StatementSignature<Object> query, DataContext root, Profile profile) {
    long rows = 0;
    try (Enumerator<Object> result = query.run(root, profile).enumerator()) {
      while (result.moveNext()) {
        rows++;
      }
    }
    return rows;
  }

  /** The plan as EXPLAIN PLAN FOR shows it, each line followed by the operator's counters. */
  private static String describe(RelNode plan, Profile profile) {
    StringBuilder text = new StringBuilder();
    describe(plan, profile, 0, text);
    return text.toString();
  }

  private static void describe(RelNode rel, Profile profile, int depth, StringBuilder text) {
    String all = RelOptUtil.toString(rel, SqlExplainLevel.EXPPLAN_ATTRIBUTES);
    text.repeat("  ", depth).append(all.lines().findFirst().orElse(""));
    Map<String, Long> counters = new TreeMap<>(profile.of(rel.getId()));
    if (!counters.isEmpty()) {
      text.append(": ");
      String separator = "";
      for (String first : new String[] {"rows", "nanos", "batches", "bytes"}) {
        Long value = counters.remove(first);
        if (value != null) {
          text.append(separator).append(counter(first, value));
          separator = ", ";
        }
      }
      for (Map.Entry<String, String> note : profile.notesOf(rel.getId()).entrySet()) {
        text.append(separator).append(note.getKey()).append('=').append(note.getValue());
        separator = ", ";
      }
      for (Map.Entry<String, Long> counter : profile.of(rel.getId()).entrySet()) {
        if (counters.containsKey(counter.getKey())) {
          text.append(separator).append(counter(counter.getKey(), counter.getValue()));
          separator = ", ";
        }
      }
    }
    text.append('\n');
    for (RelNode input : rel.getInputs()) {
      describe(input, profile, depth + 1, text);
    }
  }

  private static String counter(String name, long value) {
    return name.startsWith("nanos")
        ? "time" + name.substring("nanos".length()) + "=" + milliseconds(value)
        : name + "=" + value;
  }

  private static String milliseconds(long nanos) {
    return String.format(java.util.Locale.ROOT, "%.3f ms", nanos / 1e6);
  }
}
