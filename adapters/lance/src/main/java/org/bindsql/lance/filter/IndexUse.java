package org.bindsql.lance.filter;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.lance.jni.PlanningThread;
import org.lance.Dataset;

/** Which indexes Lance uses for a filter: those that its own plan names. */
public final class IndexUse {
  /** Name of the only table in a dataset's SQL. */
  private static final String TABLE = "dataset";

  /** Names of indexes that begin like this are Lance's own. */
  public static final String RESERVED = "__lance";

  private IndexUse() {}

  /** Whether an index is Lance's own. */
  public static boolean isReserved(String name) {
    return name.startsWith(RESERVED);
  }

  /** Names of the indexes used, in alphabetical order. */
  public static List<String> of(Dataset dataset, String filter) {
    List<String> names =
        dataset.listIndexes().stream().filter(n -> !isReserved(n)).sorted().toList();
    if (names.isEmpty()) {
      return List.of();
    }
    String plan = PlanningThread.call("plan of a filter", () -> plan(dataset, filter));
    // [x = 1]@name(BTree)
    return names.stream().filter(name -> plan.contains("]@" + name + "(")).toList();
  }

  /** The lines of Lance's plan that say what is asked of indexes. */
  private static String plan(Dataset dataset, String filter) throws Exception {
    String sql = "EXPLAIN SELECT 1 FROM " + TABLE + " WHERE " + filter;
    List<String> queries = new ArrayList<>();
    try (ArrowReader reader = dataset.sql(sql).tableName(TABLE).intoBatchRecords()) {
      while (reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        VarCharVector plans = (VarCharVector) root.getVector("plan");
        for (int i = 0; i < root.getRowCount(); i++) {
          plans
              .getObject(i)
              .toString()
              .lines()
              .filter(line -> line.strip().startsWith("ScalarIndexQuery"))
              .forEach(queries::add);
        }
      }
    }
    return String.join("\n", queries);
  }
}
