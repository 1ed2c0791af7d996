package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.bindsql.schema.Quantiser;
import org.bindsql.schema.SchemaField;
import org.bindsql.schema.SchemaSidecar;

/** Columns read from the schema sidecar inside the fingerprint; NULL where there is no schema. */
final class SidecarCells {
  private SidecarCells() {}

  static void setFrequency(FieldVector vector, int row, Chunk chunk, int slot) {
    setUnit(vector, row, chunk, slot, SchemaField.FREQUENCY);
  }

  static void setConfidence(FieldVector vector, int row, Chunk chunk, int slot) {
    setUnit(vector, row, chunk, slot, SchemaField.CONFIDENCE);
  }

  static void setDominant(FieldVector vector, int row, Chunk chunk, int slot) {
    SchemaSidecar sidecar = sidecar(chunk, slot);
    OptionalInt level = sidecar.isPresent() ? sidecar.dominantLevel() : OptionalInt.empty();
    if (level.isPresent()) {
      Cells.setShort(vector, row, level.getAsInt());
    }
  }

  /** 0 where there is no schema. */
  static void setVersion(FieldVector vector, int row, Chunk chunk, int slot) {
    Cells.setShort(vector, row, sidecar(chunk, slot).version());
  }

  private static void setUnit(
      FieldVector vector, int row, Chunk chunk, int slot, SchemaField field) {
    SchemaSidecar sidecar = sidecar(chunk, slot);
    if (sidecar.isPresent()) {
      ((Float4Vector) vector).set(row, (float) Quantiser.fromUnit(sidecar.get(field)));
    }
  }

  private static SchemaSidecar sidecar(Chunk chunk, int slot) {
    byte[] bytes = new byte[SchemaSidecar.RECORD_BYTES - SchemaSidecar.SEMANTIC_BYTES];
    MemorySegment copy = MemorySegment.ofArray(bytes);
    chunk.codes.codes().read(slot, SchemaSidecar.SEMANTIC_BYTES, bytes.length, copy, 0);
    return SchemaSidecar.at(copy, -SchemaSidecar.SEMANTIC_BYTES);
  }
}
