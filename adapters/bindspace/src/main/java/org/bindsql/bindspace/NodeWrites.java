package org.bindsql.bindspace;

import java.util.List;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** INSERT, UPDATE and DELETE of a node table, inside one writer statement. */
final class NodeWrites {
  /** Stands for "at the zone's cursor" where a statement gives no address. */
  static final int NO_ADDRESS = Integer.MIN_VALUE;

  /** Stands for "now" where a statement gives no time. */
  static final long NO_TIME = Long.MIN_VALUE;

  private final BindWriter writer;
  private final List<NodeColumn> columns;
  private final int firstAddress;
  private final int lastAddress;

  /** Creates the writes to a table that holds the given addresses. */
  NodeWrites(BindWriter writer, List<NodeColumn> columns, int firstAddress, int lastAddress) {
    this.writer = writer;
    this.columns = columns;
    this.firstAddress = firstAddress;
    this.lastAddress = lastAddress;
  }

  long insert(Enumerable<@Nullable Object[]> rows) {
    long count = 0;
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      for (; row.moveNext(); count++) {
        insert(row.current());
      }
    }
    return count;
  }

  private void insert(@Nullable Object[] row) {
    byte[] fingerprint = Values.requiredBytes("fingerprint", at(row, NodeColumn.FINGERPRINT));
    NodeValues values = NodeValues.DEFAULT;
    for (int i = 0; i < row.length; i++) {
      values = with(values, columns.get(i), row[i]);
    }
    Object path = at(row, NodeColumn.DN_PATH);
    int addr = create(at(row, NodeColumn.ADDR), fingerprint, values);
    if (path != null) {
      set(addr, NodeColumn.DN_PATH, path);
    }
    Object parent = at(row, NodeColumn.PARENT_ADDR);
    if (parent != null) {
      set(addr, NodeColumn.PARENT_ADDR, parent);
    }
    set(addr, NodeColumn.UPDATED_AT, at(row, NodeColumn.UPDATED_AT));
  }

  private int create(@Nullable Object given, byte[] fingerprint, NodeValues values) {
    Object wanted = Values.required("addr", given);
    if (!(wanted instanceof Integer number && number == NO_ADDRESS)) {
      int addr = (int) Values.integer("addr", wanted, Addresses.COUNT - 1);
      if (addr < firstAddress || addr > lastAddress) {
        throw new BindSqlException(
            ErrorCode.OUT_OF_RANGE,
            "addr: "
                + Addresses.show(addr)
                + " is outside the table's "
                + firstAddress
                + ".."
                + lastAddress);
      }
      writer.insert(addr, fingerprint, values);
      return addr;
    }
    // The table of all zones takes new nodes where they stay.
    Zone zone =
        lastAddress - firstAddress == Addresses.COUNT - 1 ? Zone.NODE : Zone.of(firstAddress);
    return writer.write(zone, fingerprint, values);
  }

  private @Nullable Object at(@Nullable Object[] row, NodeColumn column) {
    return row[columns.indexOf(column)];
  }

  /** Updates rows that hold an address and then the new values of the columns. */
  long update(List<NodeColumn> updated, Enumerable<@Nullable Object[]> rows) {
    long count = 0;
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      for (; row.moveNext(); count++) {
        update(updated, row.current());
      }
    }
    return count;
  }

  private void update(List<NodeColumn> updated, @Nullable Object[] row) {
    int addr = (int) Values.integer("addr", row[0], Addresses.COUNT - 1);
    NodeValues values = writer.values(addr);
    for (int i = 0; i < updated.size(); i++) {
      values = with(values, updated.get(i), row[i + 1]);
    }
    writer.update(addr, values);
    // What moves the node in the tree comes after its values; its time comes last.
    for (NodeColumn column :
        List.of(
            NodeColumn.FINGERPRINT,
            NodeColumn.DN_PATH,
            NodeColumn.PARENT_ADDR,
            NodeColumn.UPDATED_AT)) {
      int at = updated.indexOf(column);
      if (at >= 0) {
        set(addr, column, row[at + 1]);
      }
    }
  }

  long delete(Enumerable<@Nullable Object[]> rows) {
    long count = 0;
    try (Enumerator<@Nullable Object[]> row = rows.enumerator()) {
      while (row.moveNext()) {
        Object addr = row.current()[0];
        count += writer.delete((int) Values.integer("addr", addr, Addresses.COUNT - 1)) ? 1 : 0;
      }
    }
    return count;
  }

  private void set(int addr, NodeColumn column, @Nullable Object value) {
    String name = column.field().getName();
    switch (column) {
      case FINGERPRINT -> writer.writeAt(addr, Values.requiredBytes(name, value));
      case DN_PATH -> writer.setDnPath(addr, Values.text(name, value));
      case PARENT_ADDR ->
          writer.setParent(
              addr,
              value == null
                  ? Addresses.NONE
                  : (int) Values.integer(name, value, Addresses.COUNT - 1));
      case UPDATED_AT -> {
        if (!(value instanceof Long time && time == NO_TIME)) {
          writer.setUpdatedAt(addr, Values.integer(name, value, Long.MAX_VALUE));
        }
      }
      default -> throw new IllegalArgumentException(name);
    }
  }

  private static NodeValues with(NodeValues values, NodeColumn column, @Nullable Object value) {
    String name = column.field().getName();
    return switch (column) {
      case LABEL -> values.withLabel(Values.text(name, value));
      case QIDX -> values.withQidx((int) Values.integer(name, value, 255));
      case ACCESS_COUNT ->
          values.withAccessCount(Values.integer(name, value, NodeValues.MAX_ACCESS_COUNT));
      case PAYLOAD -> values.withPayload(Values.bytes(name, value));
      case CONTEXT_ID -> values.withContextId((int) Values.integer(name, value, 65535));
      case RUNG -> values.withRung((int) Values.integer(name, value, 9));
      case SIGMA -> values.withSigma((int) Values.integer(name, value, 255));
      case IS_SPINE -> values.withSpine(Values.truth(name, value));
      default -> values;
    };
  }
}
