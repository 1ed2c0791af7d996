package org.bindsql.schema;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * Records made of two records, sidecars included.
 *
 * <p>The result has a version 2 schema if one of the two has a schema, else none. A schema newer
 * than version 2 is never rewritten: BAD_ARGUMENT.
 */
public final class SchemaCombination {
  private static final List<SchemaArray> LEARNING =
      List.of(
          SchemaArray.Q_VALUES, SchemaArray.REWARDS, SchemaArray.SPIKE_TIMES, SchemaArray.HEBBIAN);
  private static final List<SchemaField> BUDGET =
      List.of(SchemaField.PRIORITY, SchemaField.DURABILITY, SchemaField.QUALITY);
  private static final List<SchemaField> MERGED_BY_MAX =
      List.of(
          SchemaField.PRIORITY,
          SchemaField.DURABILITY,
          SchemaField.QUALITY,
          SchemaField.PAGERANK,
          SchemaField.DEGREE,
          SchemaField.IN_DEGREE,
          SchemaField.OUT_DEGREE);

  private SchemaCombination() {}

  /**
   * A new edge of two records: words 0-207 are a XOR b; activations the greater, truth by revision,
   * budget of the higher priority (a if equal), verbs and subtypes and provenances XOR-ed, edge
   * direction and node kind of a, edge weight the mean rounded down, flags OR-ed, learning state of
   * a, path, bloom and graph metrics zero. A missing schema counts as all zero.
   */
  public static byte[] bind(MemorySegment a, MemorySegment b) {
    SchemaSidecar left = readable(a);
    SchemaSidecar right = readable(b);
    byte[] record = new byte[SchemaSidecar.RECORD_BYTES];
    for (int i = 0; i < SchemaSidecar.SEMANTIC_BYTES; i++) {
      record[i] = (byte) (a.get(ValueLayout.JAVA_BYTE, i) ^ b.get(ValueLayout.JAVA_BYTE, i));
    }
    if (!left.isPresent() && !right.isPresent()) {
      return record;
    }
    left = left.isPresent() ? left : blank();
    right = right.isPresent() ? right : blank();
    SchemaSidecar edge = SchemaSidecar.of(record).initialize();
    maximum(SchemaArray.ANI, left, right, edge);
    edge.setTruth(left.truth().revision(right.truth()));
    SchemaSidecar urgent =
        left.get(SchemaField.PRIORITY) >= right.get(SchemaField.PRIORITY) ? left : right;
    BUDGET.forEach(field -> edge.set(field, urgent.get(field)));
    xor(SchemaField.EDGE_VERB, left, right, edge);
    edge.set(SchemaField.EDGE_DIRECTION, left.get(SchemaField.EDGE_DIRECTION));
    edge.set(
        SchemaField.EDGE_WEIGHT,
        (left.get(SchemaField.EDGE_WEIGHT) + right.get(SchemaField.EDGE_WEIGHT)) / 2);
    edge.set(
        SchemaField.EDGE_FLAGS,
        left.get(SchemaField.EDGE_FLAGS) | right.get(SchemaField.EDGE_FLAGS));
    edge.set(SchemaField.NODE_KIND, left.get(SchemaField.NODE_KIND));
    xor(SchemaField.NODE_SUBTYPE, left, right, edge);
    xor(SchemaField.PROVENANCE, left, right, edge);
    for (SchemaArray array : LEARNING) {
      copy(array, left, edge);
    }
    return record;
  }

  /**
   * Two records of the same entity: words 0-207 of the primary; activations, budget, PageRank and
   * degrees the greater, truth by revision, Q-values the mean rounded towards zero, rewards of the
   * side with the greater sum (the primary if equal), hops the smaller, bloom OR-ed, the rest of
   * the primary. If only one has a schema the result has that one.
   */
  public static byte[] merge(MemorySegment primary, MemorySegment secondary) {
    SchemaSidecar first = readable(primary);
    SchemaSidecar second = readable(secondary);
    byte[] record = primary.toArray(ValueLayout.JAVA_BYTE);
    SchemaSidecar merged = SchemaSidecar.of(record);
    if (!first.isPresent()) {
      merged.clear();
      if (second.isPresent()) {
        copySidecar(secondary, record);
      }
      return record;
    }
    if (!second.isPresent()) {
      return record;
    }
    merged.initialize();
    for (SchemaField field : SchemaField.values()) {
      merged.set(field, first.get(field));
    }
    for (SchemaArray array : SchemaArray.values()) {
      copy(array, first, merged);
    }
    maximum(SchemaArray.ANI, first, second, merged);
    merged.setTruth(first.truth().revision(second.truth()));
    for (SchemaField field : MERGED_BY_MAX) {
      merged.set(field, Math.max(first.get(field), second.get(field)));
    }
    merged.set(
        SchemaField.HOP_TO_ROOT,
        Math.min(first.get(SchemaField.HOP_TO_ROOT), second.get(SchemaField.HOP_TO_ROOT)));
    for (int i = 0; i < SchemaArray.Q_VALUES.length(); i++) {
      merged.set(
          SchemaArray.Q_VALUES,
          i,
          (first.get(SchemaArray.Q_VALUES, i) + second.get(SchemaArray.Q_VALUES, i)) / 2);
    }
    if (second.rewardSum(0, 8) > first.rewardSum(0, 8)) {
      copy(SchemaArray.REWARDS, second, merged);
    }
    for (int i = 0; i < SchemaArray.BLOOM.length(); i++) {
      merged.set(
          SchemaArray.BLOOM, i, first.get(SchemaArray.BLOOM, i) | second.get(SchemaArray.BLOOM, i));
    }
    return record;
  }

  private static SchemaSidecar readable(MemorySegment record) {
    SchemaSidecar sidecar = SchemaSidecar.of(record);
    if (sidecar.version() > SchemaSidecar.VERSION) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "schema version %d is newer than %d and cannot be rewritten"
              .formatted(sidecar.version(), SchemaSidecar.VERSION));
    }
    return sidecar;
  }

  private static SchemaSidecar blank() {
    return SchemaSidecar.of(new byte[SchemaSidecar.RECORD_BYTES]);
  }

  private static void copySidecar(MemorySegment from, byte[] to) {
    MemorySegment.copy(
        from,
        SchemaSidecar.SEMANTIC_BYTES,
        MemorySegment.ofArray(to),
        SchemaSidecar.SEMANTIC_BYTES,
        SchemaSidecar.RECORD_BYTES - SchemaSidecar.SEMANTIC_BYTES);
  }

  private static void copy(SchemaArray array, SchemaSidecar from, SchemaSidecar to) {
    for (int i = 0; i < array.length(); i++) {
      to.set(array, i, from.get(array, i));
    }
  }

  private static void maximum(
      SchemaArray array, SchemaSidecar a, SchemaSidecar b, SchemaSidecar to) {
    for (int i = 0; i < array.length(); i++) {
      to.set(array, i, Math.max(a.get(array, i), b.get(array, i)));
    }
  }

  private static void xor(SchemaField field, SchemaSidecar a, SchemaSidecar b, SchemaSidecar to) {
    to.set(field, a.get(field) ^ b.get(field));
  }
}
