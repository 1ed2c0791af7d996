package org.bindsql.bindspace;

import java.util.Map;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/**
 * A {@link BindSpace} as tables: {@code nodes}, {@code fluid} and {@code surface} by zone, {@code
 * all}, {@code edges}, and {@code dn_tree}, the nodes that have a distinguished name.
 */
public final class BindSpaceSchema extends AbstractSchema {
  private final Map<String, Table> tables;

  /** The tables of a space, which stays the caller's to close. */
  public BindSpaceSchema(BindSpace space) {
    this.tables =
        Map.of(
            "nodes",
            zone(space, Zone.NODE),
            "fluid",
            zone(space, Zone.FLUID),
            "surface",
            zone(space, Zone.SURFACE),
            "all",
            new NodeTable(space, NodeColumn.NODES, 0, Addresses.PREFIXES, false),
            "edges",
            new EdgeTable(space),
            "dn_tree",
            new NodeTable(
                space, NodeColumn.DN_TREE, Zone.NODE.fromPrefix(), Zone.NODE.toPrefix(), true));
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private static NodeTable zone(BindSpace space, Zone zone) {
    return new NodeTable(space, NodeColumn.NODES, zone.fromPrefix(), zone.toPrefix(), false);
  }
}
