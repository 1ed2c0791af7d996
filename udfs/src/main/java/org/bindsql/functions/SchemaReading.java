package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.schema.NeighborBloom;
import org.bindsql.schema.Quantiser;
import org.bindsql.schema.SchemaArray;
import org.bindsql.schema.SchemaField;
import org.bindsql.schema.SchemaJson;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;

/** Bodies of the functions that read a record's sidecar: NULL where there is no schema. */
final class SchemaReading {
  private SchemaReading() {}

  static Object version(String function, Arguments arguments) {
    return (short) sidecar(function, arguments).version();
  }

  static Object passes(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return PredicateCache.get(arguments.text(1)).test(sidecar);
  }

  static @Nullable Object aniLevel(String function, Arguments arguments) {
    long level = arguments.integer(1);
    if (level < 0 || level >= SchemaArray.ANI.length()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "%s: level is %d, expected 0 to 7".formatted(function, level));
    }
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent() ? sidecar.get(SchemaArray.ANI, (int) level) : null;
  }

  static @Nullable Object aniDominant(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    OptionalInt level = sidecar.isPresent() ? sidecar.dominantLevel() : OptionalInt.empty();
    return level.isPresent() ? (short) level.getAsInt() : null;
  }

  static @Nullable Object frequency(String function, Arguments arguments) {
    return unit(function, arguments, SchemaField.FREQUENCY);
  }

  static @Nullable Object confidence(String function, Arguments arguments) {
    return unit(function, arguments, SchemaField.CONFIDENCE);
  }

  private static @Nullable Object unit(String function, Arguments arguments, SchemaField field) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent() ? (float) Quantiser.fromUnit(sidecar.get(field)) : null;
  }

  static Object @Nullable [] truth(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent()
        ? new Object[] {(float) sidecar.truth().frequency(), (float) sidecar.truth().confidence()}
        : null;
  }

  static @Nullable Object mightContain(String function, Arguments arguments) {
    long id = arguments.integer(1);
    if (id < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "%s: id is %d, expected at least 0".formatted(function, id));
    }
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent() ? NeighborBloom.mightContain(sidecar, id) : null;
  }

  static @Nullable Object bestAction(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    OptionalInt action = sidecar.isPresent() ? sidecar.bestAction() : OptionalInt.empty();
    return action.isPresent() ? action.getAsInt() : null;
  }

  static @Nullable Object bestQ(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent() ? (float) Quantiser.fromQ(sidecar.bestQ()) : null;
  }

  static Object @Nullable [] graphMetrics(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent()
        ? new Object[] {
          sidecar.get(SchemaField.PAGERANK),
          sidecar.get(SchemaField.HOP_TO_ROOT),
          sidecar.get(SchemaField.CLUSTER_ID),
          sidecar.get(SchemaField.DEGREE),
          sidecar.get(SchemaField.IN_DEGREE),
          sidecar.get(SchemaField.OUT_DEGREE)
        }
        : null;
  }

  static @Nullable Object json(String function, Arguments arguments) {
    SchemaSidecar sidecar = sidecar(function, arguments);
    return sidecar.isPresent() ? SchemaJson.write(sidecar) : null;
  }

  private static SchemaSidecar sidecar(String function, Arguments arguments) {
    MemorySegment record = arguments.bytes(0);
    Bits.checkRecord(function, record.byteSize());
    return SchemaSidecar.at(record, 0);
  }
}
