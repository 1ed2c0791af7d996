package org.bindsql.engine.maintenance;

import static org.bindsql.engine.catalog.CatalogTable.Column.count;

import java.time.Instant;
import java.util.List;
import org.apache.calcite.DataContext;
import org.bindsql.engine.Session;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.StatementOptions;
import org.bindsql.engine.run.Cancellation;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.upkeep.Upkeep;
import org.bindsql.parser.SqlMaintenance;
import org.jspecify.annotations.Nullable;

/** The work of OPTIMIZE and VACUUM; both return one row of counters. */
public final class MaintenanceStatements {
  /** Columns of OPTIMIZE. */
  public static final List<CatalogTable.Column> OPTIMIZED =
      List.of(
          count("fragments_removed"),
          count("fragments_added"),
          count("files_removed"),
          count("files_added"),
          count("rows_indexed"),
          count("old_version"),
          count("new_version"));

  /** Columns of VACUUM. */
  public static final List<CatalogTable.Column> REMOVED =
      List.of(
          count("bytes_removed"),
          count("old_versions"),
          count("data_files_removed"),
          count("transaction_files_removed"),
          count("index_files_removed"),
          count("deletion_files_removed"));

  private static final long DAYS_7 = 7L * 24 * 60 * 60;

  /** Some 285 years: ages and times in milliseconds stay far from overflow. */
  private static final long MAX_SECONDS = 9_000_000_000L;

  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public MaintenanceStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /** Rewrites fragments and brings indexes up to date. */
  public List<@Nullable Object[]> optimize(SqlMaintenance statement, DataContext root) {
    StatementOptions options =
        new StatementOptions(
            "OPTIMIZE",
            statement.options(),
            List.of(
                "target_rows_per_fragment",
                "max_bytes_per_file",
                "materialize_deletions",
                "materialize_deletions_threshold",
                "max_source_fragments",
                "num_threads",
                "batch_size",
                "indexes"));
    Boolean indexes = options.flag("indexes");
    Upkeep.Optimization how =
        new Upkeep.Optimization(
            options.number("target_rows_per_fragment", 1, Integer.MAX_VALUE),
            options.number("max_bytes_per_file", 1, Long.MAX_VALUE),
            options.flag("materialize_deletions"),
            options.share("materialize_deletions_threshold"),
            options.number("num_threads", 1, 1024),
            options.number("batch_size", 1, 1 << 20),
            options.number("max_source_fragments", 1, Integer.MAX_VALUE),
            indexes == null || indexes);
    session.beginWrite("OPTIMIZE");
    Upkeep.Optimized done =
        Upkeep.optimize(table(statement, "are optimized"), how, () -> Cancellation.check(root));
    return List.<@Nullable Object[]>of(
        new @Nullable Object[] {
          done.fragmentsRemoved(),
          done.fragmentsAdded(),
          done.filesRemoved(),
          done.filesAdded(),
          done.rowsIndexed(),
          done.oldVersion(),
          done.newVersion()
        });
  }

  /** Removes old versions. */
  public List<@Nullable Object[]> vacuum(SqlMaintenance statement) {
    StatementOptions options =
        new StatementOptions(
            "VACUUM",
            statement.options(),
            List.of(
                "older_than_seconds",
                "retain_n_versions",
                "delete_unverified",
                "error_if_tagged_old_versions"));
    Long seconds = options.number("older_than_seconds", 0, MAX_SECONDS);
    Long retained = options.number("retain_n_versions", 1, Long.MAX_VALUE);
    Upkeep.Retention retention =
        new Upkeep.Retention(
            Instant.now().minusSeconds(seconds == null ? DAYS_7 : seconds),
            retained == null ? 1 : retained,
            Boolean.TRUE.equals(options.flag("delete_unverified")),
            Boolean.TRUE.equals(options.flag("error_if_tagged_old_versions")));
    session.beginWrite("VACUUM");
    Upkeep.Removed removed = Upkeep.vacuum(table(statement, "have old versions"), retention);
    return List.<@Nullable Object[]>of(
        new @Nullable Object[] {
          removed.bytes(),
          removed.versions(),
          removed.dataFiles(),
          removed.transactionFiles(),
          removed.indexFiles(),
          removed.deletionFiles()
        });
  }

  private LanceTable table(SqlMaintenance statement, String what) {
    return TableName.resolve(statement.table(), context).lanceTable(what);
  }
}
