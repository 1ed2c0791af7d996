package org.bindsql.schema;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.OptionalInt;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * View of the schema sidecar of one record: words 208-255, which is bytes 1664 to 2047.
 *
 * <p>Numbers are raw integers (see {@link SchemaField}, {@link SchemaArray}, {@link Quantiser}).
 * Setters write through to the record. Reading a field of a record without a schema gives whatever
 * its bits are: ask {@link #isPresent()} first.
 */
public final class SchemaSidecar {
  /** Bytes of a record. */
  public static final int RECORD_BYTES = 2048;

  /** Bytes of words 0-207, before the sidecar. */
  public static final int SEMANTIC_BYTES = 1664;

  /** The version that is written. */
  public static final int VERSION = 2;

  private static final int MAGIC = 0x48D2;
  private static final int MAGIC_OFFSET = 1789;
  private static final int VERSION_OFFSET = 1791;

  private final MemorySegment segment;
  private final long base;

  private SchemaSidecar(MemorySegment segment, long base) {
    this.segment = segment;
    this.base = base;
  }

  /** The sidecar of the record that begins at {@code base}; the caller has checked the bounds. */
  public static SchemaSidecar at(MemorySegment segment, long base) {
    return new SchemaSidecar(segment, base);
  }

  /**
   * The sidecar of a record.
   *
   * @throws BindSqlException BAD_ARGUMENT if the record is not 2,048 bytes long
   */
  public static SchemaSidecar of(MemorySegment record) {
    if (record.byteSize() != RECORD_BYTES) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "record has %d bytes, expected %d".formatted(record.byteSize(), RECORD_BYTES));
    }
    return new SchemaSidecar(record, 0);
  }

  /** The sidecar of a record of 2,048 bytes. */
  public static SchemaSidecar of(byte[] record) {
    return of(MemorySegment.ofArray(record));
  }

  /** Whether the record has a schema: the magic and version 2. */
  public boolean isPresent() {
    return version() == VERSION;
  }

  /**
   * Version of the schema: with the magic, the version byte, of which only 2 is readable; without
   * it, 1 if the byte claims version 1 (as 1 in 256 of random records does), else 0.
   */
  public int version() {
    int version = Width.U8.get(segment, base + VERSION_OFFSET);
    return Width.U16.get(segment, base + MAGIC_OFFSET) == MAGIC || version == 1 ? version : 0;
  }

  /** Zeroes words 208-255 and marks the schema present, version 2. */
  public SchemaSidecar initialize() {
    clear();
    Width.U16.set(segment, base + MAGIC_OFFSET, MAGIC);
    Width.U8.set(segment, base + VERSION_OFFSET, VERSION);
    return this;
  }

  /** Zeroes words 208-255: no schema. */
  public void clear() {
    segment.asSlice(base + SEMANTIC_BYTES, RECORD_BYTES - SEMANTIC_BYTES).fill((byte) 0);
  }

  /** Raw value of a field. */
  public int get(SchemaField field) {
    return field.width.get(segment, base + field.offset);
  }

  /**
   * Writes a field.
   *
   * @throws BindSqlException OUT_OF_RANGE if the value is outside the field's range
   */
  public SchemaSidecar set(SchemaField field, int value) {
    check(field, field.width, value);
    field.width.set(segment, base + field.offset, value);
    return this;
  }

  /** Raw value of element {@code i}. */
  public int get(SchemaArray array, int i) {
    return array.width.get(segment, base + offset(array, i));
  }

  /**
   * Writes element {@code i}.
   *
   * @throws BindSqlException OUT_OF_RANGE if the value is outside the elements' range
   */
  public SchemaSidecar set(SchemaArray array, int i, int value) {
    check(array, array.width, value);
    array.width.set(segment, base + offset(array, i), value);
    return this;
  }

  /** Drops the oldest element and appends a value as the newest (rewards, spike times). */
  public SchemaSidecar push(SchemaArray array, int value) {
    check(array, array.width, value);
    for (int i = 1; i < array.length; i++) {
      set(array, i - 1, get(array, i));
    }
    return set(array, array.length - 1, value);
  }

  /** Writes the DN path and its depth. */
  public SchemaSidecar setDnPath(byte[] path) {
    if (path.length > SchemaArray.DN_PATH.length) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE,
          "DN path has %d bytes, expected at most 32".formatted(path.length));
    }
    for (int i = 0; i < SchemaArray.DN_PATH.length; i++) {
      set(SchemaArray.DN_PATH, i, i < path.length ? path[i] & 0xFF : 0);
    }
    return set(SchemaField.DN_DEPTH, path.length);
  }

  /** The ANI level with the greatest activation, the lowest of several; empty if all are zero. */
  public OptionalInt dominantLevel() {
    return greatest(SchemaArray.ANI);
  }

  /** The action with the greatest Q-value, the lowest of several; empty if all are zero. */
  public OptionalInt bestAction() {
    return greatest(SchemaArray.Q_VALUES);
  }

  /** The greatest Q-value, raw. */
  public int bestQ() {
    int best = get(SchemaArray.Q_VALUES, 0);
    for (int i = 1; i < SchemaArray.Q_VALUES.length; i++) {
      best = Math.max(best, get(SchemaArray.Q_VALUES, i));
    }
    return best;
  }

  /** Sum of rewards {@code from} to {@code to} (exclusive), raw. */
  public int rewardSum(int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += get(SchemaArray.REWARDS, i);
    }
    return sum;
  }

  /** The decoded truth value. */
  public Truth truth() {
    return new Truth(
        Quantiser.fromUnit(get(SchemaField.FREQUENCY)),
        Quantiser.fromUnit(get(SchemaField.CONFIDENCE)));
  }

  /** Writes a truth value. */
  public SchemaSidecar setTruth(Truth truth) {
    return set(SchemaField.FREQUENCY, Quantiser.unit(truth.frequency()))
        .set(SchemaField.CONFIDENCE, Quantiser.confidence(truth.confidence()));
  }

  private OptionalInt greatest(SchemaArray array) {
    int best = 0;
    boolean allZero = get(array, 0) == 0;
    for (int i = 1; i < array.length; i++) {
      int value = get(array, i);
      allZero &= value == 0;
      if (value > get(array, best)) {
        best = i;
      }
    }
    return allZero ? OptionalInt.empty() : OptionalInt.of(best);
  }

  private static long offset(SchemaArray array, int i) {
    return array.offset + (long) array.width.bytes * Objects.checkIndex(i, array.length);
  }

  private static void check(Enum<?> field, Width width, int value) {
    if (value < width.min || value > width.max) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE,
          "%s: %d is out of range, expected %d to %d"
              .formatted(field.name(), value, width.min, width.max));
    }
  }
}
