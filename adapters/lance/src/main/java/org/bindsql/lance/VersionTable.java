package org.bindsql.lance;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.rel.Constants;

/** A version of a Lance dataset as a table: read as any other, changed by nobody. */
public final class VersionTable extends DatasetTable {
  private final Supplier<DatasetVersion> current;
  private final Function<ExecutionContext, DatasetVersion> version;
  private final boolean timed;

  /** What a statement's scope calls the version that references led to. */
  private record Key(Location root, List<Reference> references) {}

  private VersionTable(
      String name,
      LanceSession session,
      List<String> lanceColumns,
      Supplier<DatasetVersion> current,
      Function<ExecutionContext, DatasetVersion> version,
      boolean timed) {
    super(name, session, lanceColumns);
    this.current = current;
    this.version = version;
    this.timed = timed;
  }

  /** The version to which references lead: a statement follows them once, when it runs. */
  static VersionTable of(String name, References known, List<Reference> references) {
    Supplier<DatasetVersion> follow = () -> known.version(known.resolve(references));
    Key key = new Key(known.main().location(), references);
    return new VersionTable(
        name,
        known.main().session,
        List.of(),
        follow,
        context -> {
          StatementScope scope = context.scope();
          return scope == null ? follow.get() : scope.share(key, follow);
        },
        false);
  }

  /** See {@link LanceTable#asOf}. */
  static VersionTable asOf(LanceTable table, RexNode time, RexBuilder rexBuilder) {
    References known = new References(table);
    return new VersionTable(
        table.name,
        table.session,
        table.lanceColumns(),
        table::current,
        context -> {
          if (!(Constants.evaluate(time, rexBuilder, context) instanceof Long millis)) {
            throw new BindSqlException(
                ErrorCode.BAD_ARGUMENT, "FOR SYSTEM_TIME AS OF NULL: expected a time");
          }
          LocalDateTime clock =
              LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
          List<Reference> references = List.of(new Reference.Time(clock));
          return of(table.name, known, references).version(context);
        },
        true);
  }

  @Override
  DatasetVersion current() {
    return current.get();
  }

  @Override
  DatasetVersion version(ExecutionContext context) {
    return version.apply(context);
  }

  @Override
  BindSqlException otherColumns() {
    return timed
        ? new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "table "
                + name
                + " had other columns then; write the time as a literal, or name the version")
        : super.otherColumns();
  }
}
