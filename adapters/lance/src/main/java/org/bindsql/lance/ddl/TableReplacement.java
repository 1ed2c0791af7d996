package org.bindsql.lance.ddl;

import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableOptions;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.Transaction;
import org.lance.WriteFragmentBuilder;
import org.lance.WriteParams.WriteMode;
import org.lance.operation.Overwrite;

/** Other columns and rows for a table, in one commit; older versions stay readable. */
final class TableReplacement {
  private TableReplacement() {}

  static void replace(
      Location location, TableDefinition asked, ArrowArrayStream rows, LanceSession session) {
    DatasetVersion newest = new DatasetVersion(location, session.newest(location));
    try (LanceSession.Lease lease = session.acquire(newest)) {
      Dataset dataset = lease.dataset();
      TableDefinition definition = asked.storable(dataset.getLanceFileFormatVersion());
      TableOptions options = definition.options();
      Boolean stable = options.stableRowIds();
      if (stable != null && stable != dataset.hasStableRowIds()) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "the table keeps stable_row_ids %s when it is replaced; drop it to have %s"
                .formatted(dataset.hasStableRowIds(), stable));
      }
      Overwrite overwrite =
          Overwrite.builder()
              .schema(definition.schema())
              .fragments(fragments(location, dataset, options, rows, session))
              .configUpsertValues(definition.configOver(dataset.getConfig()))
              .build();
      try (Transaction transaction =
          new Transaction.Builder().readVersion(dataset.version()).operation(overwrite).build()) {
        new CommitBuilder(dataset)
            .writeParams(location.storageOptions())
            .useStableRowIds(dataset.hasStableRowIds())
            .skipAutoCleanup(true)
            .execute(transaction)
            .close();
      }
    }
  }

  private static List<FragmentMetadata> fragments(
      Location location,
      Dataset dataset,
      TableOptions options,
      ArrowArrayStream rows,
      LanceSession session) {
    WriteFragmentBuilder write =
        Fragment.write()
            .datasetUri(location.uri())
            .allocator(session.allocator())
            .storageOptions(location.storageOptions())
            .mode(WriteMode.OVERWRITE)
            .enableStableRowIds(dataset.hasStableRowIds())
            .dataStorageVersion(dataset.getLanceFileFormatVersion())
            .data(rows);
    if (options.maxRowsPerFile() != null) {
      write.maxRowsPerFile(options.maxRowsPerFile());
    }
    if (options.maxBytesPerFile() != null) {
      write.maxBytesPerFile(options.maxBytesPerFile());
    }
    return write.execute();
  }
}
