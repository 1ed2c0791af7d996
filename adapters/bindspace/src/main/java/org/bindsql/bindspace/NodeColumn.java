package org.bindsql.bindspace;

import static org.bindsql.bindspace.ColumnTypes.BIGINT;
import static org.bindsql.bindspace.ColumnTypes.BOOLEAN;
import static org.bindsql.bindspace.ColumnTypes.INTEGER;
import static org.bindsql.bindspace.ColumnTypes.REAL;
import static org.bindsql.bindspace.ColumnTypes.SMALLINT;
import static org.bindsql.bindspace.ColumnTypes.VARBINARY;
import static org.bindsql.bindspace.ColumnTypes.VARCHAR;
import static org.bindsql.bindspace.ColumnTypes.fixedBinary;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Columns of the node tables. */
enum NodeColumn {
  ADDR(
      "addr",
      INTEGER,
      false,
      Role.KEY,
      (vector, row, chunk, slot) -> Cells.setInt(vector, row, Addresses.of(chunk.prefix, slot))),
  FINGERPRINT(
      "fingerprint",
      fixedBinary(CodeBuffer.WIDTH),
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setCode(vector, row, chunk, slot, 0)),
  ZONE(
      "zone",
      VARCHAR,
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) ->
          Cells.setText(vector, row, Zone.of(Addresses.of(chunk.prefix, slot)).sqlName())),
  LABEL(
      "label",
      VARCHAR,
      true,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setText(vector, row, chunk.label[slot])),
  POPCOUNT(
      "popcount",
      INTEGER,
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setInt(vector, row, chunk.popcount[slot])),
  NARS_F(
      "nars_f",
      REAL,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> SidecarCells.setFrequency(vector, row, chunk, slot)),
  NARS_C(
      "nars_c",
      REAL,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> SidecarCells.setConfidence(vector, row, chunk, slot)),
  ANI_DOMINANT(
      "ani_dominant",
      SMALLINT,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> SidecarCells.setDominant(vector, row, chunk, slot)),
  SCHEMA_VERSION(
      "schema_version",
      SMALLINT,
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) -> SidecarCells.setVersion(vector, row, chunk, slot)),
  PARENT_ADDR(
      "parent_addr",
      INTEGER,
      true,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setPointer(vector, row, chunk.parent[slot])),
  FIRST_CHILD(
      "first_child",
      INTEGER,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setPointer(vector, row, chunk.firstChild[slot])),
  NEXT_SIBLING(
      "next_sibling",
      INTEGER,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setPointer(vector, row, chunk.nextSibling[slot])),
  PREV_SIBLING(
      "prev_sibling",
      INTEGER,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setPointer(vector, row, chunk.prevSibling[slot])),
  CONTEXT_ID(
      "context_id",
      INTEGER,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setInt(vector, row, chunk.contextId[slot])),
  DEPTH(
      "depth",
      SMALLINT,
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setShort(vector, row, chunk.depth[slot] & 0xFF)),
  RUNG(
      "rung",
      SMALLINT,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setShort(vector, row, chunk.rung[slot])),
  SIGMA(
      "sigma",
      SMALLINT,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setShort(vector, row, chunk.sigma[slot] & 0xFF)),
  QIDX(
      "qidx",
      SMALLINT,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setShort(vector, row, chunk.qidx[slot] & 0xFF)),
  IS_SPINE(
      "is_spine",
      BOOLEAN,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setBoolean(vector, row, chunk.spine[slot])),
  ACCESS_COUNT(
      "access_count",
      BIGINT,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setLong(vector, row, chunk.accessCount[slot])),
  UPDATED_AT(
      "updated_at",
      BIGINT,
      false,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setLong(vector, row, chunk.updatedAt[slot])),
  PAYLOAD(
      "payload",
      VARBINARY,
      true,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setBytes(vector, row, chunk.payload[slot])),
  STRUCTURE(
      "structure",
      fixedBinary(512),
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setCode(vector, row, chunk, slot, 1536)),
  FP_BODY(
      "fp_body",
      fixedBinary(1536),
      false,
      Role.DERIVED,
      (vector, row, chunk, slot) -> Cells.setCode(vector, row, chunk, slot, 0)),
  DN_PATH(
      "dn_path",
      VARCHAR,
      true,
      Role.ASSIGNED,
      (vector, row, chunk, slot) -> Cells.setText(vector, row, chunk.dnPath[slot])),
  DN(
      "dn",
      VARBINARY,
      true,
      Role.DERIVED,
      (vector, row, chunk, slot) -> {
        throw new IllegalStateException("needs the whole tree: see NodeVectors");
      });

  /** The columns of {@code nodes}, {@code fluid}, {@code surface} and {@code all}. */
  static final List<NodeColumn> NODES =
      List.of(
          ADDR,
          FINGERPRINT,
          ZONE,
          LABEL,
          POPCOUNT,
          NARS_F,
          NARS_C,
          ANI_DOMINANT,
          SCHEMA_VERSION,
          PARENT_ADDR,
          FIRST_CHILD,
          NEXT_SIBLING,
          PREV_SIBLING,
          CONTEXT_ID,
          DEPTH,
          RUNG,
          SIGMA,
          QIDX,
          IS_SPINE,
          ACCESS_COUNT,
          UPDATED_AT,
          PAYLOAD,
          STRUCTURE,
          FP_BODY,
          DN_PATH);

  /** The columns of {@code dn_tree}. */
  static final List<NodeColumn> DN_TREE =
      List.of(
          ADDR,
          DN_PATH,
          DN,
          LABEL,
          PARENT_ADDR,
          FIRST_CHILD,
          NEXT_SIBLING,
          PREV_SIBLING,
          DEPTH,
          RUNG,
          IS_SPINE,
          FINGERPRINT);

  /** Who decides a column's value. */
  enum Role {
    /** The statement or, if it does not say, the zone's cursor; never updated. */
    KEY,
    /** The statement, or a default. */
    ASSIGNED,
    /** The space; a statement that gives a value is refused. */
    DERIVED
  }

  /** Writes the column's value of one slot to one row of a vector that holds no value there. */
  @FunctionalInterface
  interface Cell {
    void set(FieldVector vector, int row, Chunk chunk, int slot);
  }

  private final Field field;
  private final Role role;
  private final Cell cell;

  NodeColumn(String name, ArrowType type, boolean nullable, Role role, Cell cell) {
    this.field = new Field(name, new FieldType(nullable, type, null), null);
    this.role = role;
    this.cell = cell;
  }

  Field field() {
    return field;
  }

  Role role() {
    return role;
  }

  Cell cell() {
    return cell;
  }
}
