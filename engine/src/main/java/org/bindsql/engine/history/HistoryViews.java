package org.bindsql.engine.history;

import static org.bindsql.engine.history.HistoryTable.count;
import static org.bindsql.engine.history.HistoryTable.text;
import static org.bindsql.engine.history.HistoryTable.time;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.schema.Table;
import org.bindsql.engine.Session;
import org.bindsql.lance.history.LanceHistory;
import org.jspecify.annotations.Nullable;

/** The tables of the schema {@code system} that list what Lance tables consist of. */
public final class HistoryViews {
  private HistoryViews() {}

  /** The tables by name, as a session sees them. */
  public static Map<String, Table> tables(Session session) {
    return Map.of(
        "versions",
        new HistoryTable(
            session,
            List.of(
                text("branch", false),
                count("version", false),
                time("committed_at", false),
                text("operation", true),
                count("row_count", false),
                count("deleted_rows", false),
                count("fragments", false),
                count("bytes", false),
                text("tags", true)),
            HistoryViews::versions),
        "tags",
        new HistoryTable(
            session,
            List.of(
                text("tag_name", false),
                text("branch", false),
                count("version", false),
                time("created_at", true)),
            (history, wanted) -> tags(history)),
        "branches",
        new HistoryTable(
            session,
            List.of(
                text("branch_name", false),
                text("parent_branch", false),
                count("parent_version", false),
                time("created_at", false)),
            (history, wanted) -> branches(history)),
        "fragments",
        new HistoryTable(
            session,
            List.of(
                count("fragment_id", false),
                count("row_count", false),
                count("deleted_rows", false),
                count("bytes", false),
                count("files", false),
                text("format_version", false)),
            (history, wanted) -> fragments(history)));
  }

  private static long millis(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static List<@Nullable Object[]> versions(
      LanceHistory history, HistoryTable.Wanted wanted) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (LanceHistory.VersionInfo version : history.versions(wanted.column("operation"))) {
      rows.add(
          new @Nullable Object[] {
            version.branch(),
            version.version(),
            millis(version.committed()),
            version.operation(),
            version.rows(),
            version.deletedRows(),
            version.fragments(),
            version.bytes(),
            version.tags().isEmpty() ? null : String.join(", ", version.tags())
          });
    }
    return rows;
  }

  private static List<@Nullable Object[]> tags(LanceHistory history) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (LanceHistory.TagInfo tag : history.tags()) {
      LocalDateTime created = tag.created();
      rows.add(
          new @Nullable Object[] {
            tag.name(), tag.branch(), tag.version(), created == null ? null : (Long) millis(created)
          });
    }
    return rows;
  }

  private static List<@Nullable Object[]> branches(LanceHistory history) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (LanceHistory.BranchInfo branch : history.branches()) {
      rows.add(
          new @Nullable Object[] {
            branch.name(), branch.parent(), branch.parentVersion(), millis(branch.created())
          });
    }
    return rows;
  }

  private static List<@Nullable Object[]> fragments(LanceHistory history) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (LanceHistory.FragmentInfo fragment : history.fragments()) {
      rows.add(
          new @Nullable Object[] {
            (long) fragment.id(),
            fragment.rows(),
            fragment.deletedRows(),
            fragment.bytes(),
            (long) fragment.files(),
            fragment.format()
          });
    }
    return rows;
  }
}
