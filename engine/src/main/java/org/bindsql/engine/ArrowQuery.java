package org.bindsql.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A query that runs outside a JDBC statement and gives batches.
 *
 * @param schema the columns of the result
 * @param batches the result; owns all that the run needs
 * @param allocator memory of the run, for what is made of the batches; closed with them
 */
public record ArrowQuery(Schema schema, BatchReader batches, BufferAllocator allocator) {
  /**
   * Prepares and starts a query.
   *
   * @param context of the connection
   * @param parameters values of the parameters in JDBC's classes
   * @param cancelled ends the query when set
   */
  public static ArrowQuery run(
      CalcitePrepare.Context context,
      String sql,
      List<@Nullable Object> parameters,
      AtomicBoolean cancelled) {
    QueryBatches query = new BindPrepare().prepareBatches(context, sql);
    ResultBatches batches = query.open(context.getDataContext(), parameters, cancelled);
    return new ArrowQuery(query.schema(), batches, batches.allocator());
  }
}
