package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** INSERT, UPDATE and DELETE of edges, inside one writer statement. */
final class EdgeWrites {
  /** Columns that say which edge is meant, in this order. */
  static final List<EdgeColumn> IDENTITY =
      List.of(EdgeColumn.SOURCE, EdgeColumn.VERB, EdgeColumn.TARGET);

  private final BindWriter writer;

  EdgeWrites(BindWriter writer) {
    this.writer = writer;
  }

  long insert(Enumerable<@Nullable Object[]> rows) {
    long count = 0;
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      for (; row.moveNext(); count++) {
        @Nullable Object[] values = row.current();
        link(
            edge(
                address(EdgeColumn.SOURCE, values[EdgeColumn.SOURCE.ordinal()]),
                address(EdgeColumn.VERB, values[EdgeColumn.VERB.ordinal()]),
                address(EdgeColumn.TARGET, values[EdgeColumn.TARGET.ordinal()]),
                values[EdgeColumn.WEIGHT.ordinal()]));
      }
    }
    return count;
  }

  /** Updates rows that hold the identity and then the new values of the columns. */
  long update(List<EdgeColumn> updated, Enumerable<@Nullable Object[]> rows) {
    List<Edge> changed = new ArrayList<>();
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      while (row.moveNext()) {
        changed.add(updated(updated, row.current()));
      }
    }
    // Only now, because an edge's new place may be one that another is about to leave.
    for (Edge edge : changed) {
      if (writer.weight(edge.from(), edge.verb(), edge.to()) != null) {
        throw new BindSqlException(
            ErrorCode.DUPLICATE_KEY,
            "UPDATE: there would be two edges "
                + edge.from()
                + " -"
                + edge.verb()
                + "-> "
                + edge.to());
      }
      link(edge);
    }
    return changed.size();
  }

  /** Removes the old edge and returns the new one. */
  private Edge updated(List<EdgeColumn> updated, @Nullable Object[] row) {
    Edge old =
        edge(
            address(EdgeColumn.SOURCE, row[0]),
            address(EdgeColumn.VERB, row[1]),
            address(EdgeColumn.TARGET, row[2]),
            0);
    Float weight = writer.weight(old.from(), old.verb(), old.to());
    writer.unlink(old.from(), old.verb(), old.to());
    return edge(
        address(EdgeColumn.SOURCE, value(updated, EdgeColumn.SOURCE, row, old.from())),
        address(EdgeColumn.VERB, value(updated, EdgeColumn.VERB, row, old.verb())),
        address(EdgeColumn.TARGET, value(updated, EdgeColumn.TARGET, row, old.to())),
        value(updated, EdgeColumn.WEIGHT, row, weight));
  }

  private static @Nullable Object value(
      List<EdgeColumn> updated, EdgeColumn column, @Nullable Object[] row, @Nullable Object old) {
    int at = updated.indexOf(column);
    return at < 0 ? old : row[IDENTITY.size() + at];
  }

  long delete(Enumerable<@Nullable Object[]> rows) {
    long count = 0;
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      while (row.moveNext()) {
        @Nullable Object[] values = row.current();
        boolean removed =
            writer.unlink(
                address(EdgeColumn.SOURCE, values[0]),
                address(EdgeColumn.VERB, values[1]),
                address(EdgeColumn.TARGET, values[2]));
        count += removed ? 1 : 0;
      }
    }
    return count;
  }

  private void link(Edge edge) {
    writer.link(edge.from(), edge.verb(), edge.to(), edge.weight());
  }

  private static Edge edge(int from, int verb, int to, @Nullable Object weight) {
    return new Edge(from, verb, to, Values.real("weight", weight));
  }

  private static int address(EdgeColumn column, @Nullable Object value) {
    return (int) Values.integer(column.field().getName(), value, Addresses.COUNT - 1);
  }
}
