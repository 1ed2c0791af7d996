package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.schema.SchemaCombination;
import org.bindsql.schema.SchemaJson;
import org.bindsql.schema.SchemaSidecar;

/** Bodies of the functions that make a record. */
final class RecordMaking {
  private RecordMaking() {}

  static Object schemaBind(String function, Arguments arguments) {
    return combine(function, arguments, SchemaCombination::bind);
  }

  static Object schemaMerge(String function, Arguments arguments) {
    return combine(function, arguments, SchemaCombination::merge);
  }

  private interface Combination {
    byte[] apply(MemorySegment a, MemorySegment b);
  }

  private static byte[] combine(String function, Arguments arguments, Combination combination) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    Bits.checkRecord(function, a.byteSize());
    Bits.checkRecord(function, b.byteSize());
    return combination.apply(a, b);
  }

  static Object textFingerprint(String function, Arguments arguments) {
    return TextFingerprint.of(arguments.text(0));
  }

  static Object fingerprintOf(String function, Arguments arguments) {
    return TextFingerprint.ofContent(arguments.text(0));
  }

  /** Words 0-207 of the code and the sidecar that the JSON describes. */
  static Object makeFingerprint(String function, Arguments arguments) {
    MemorySegment semantic = arguments.bytes(0);
    long bytes = semantic.byteSize();
    if (bytes != Bits.SEMANTIC_BYTES && bytes != Results.RECORD_BYTES) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s: semantic part has %d bytes, expected %d or %d"
              .formatted(function, bytes, Bits.SEMANTIC_BYTES, Results.RECORD_BYTES));
    }
    byte[] record = new byte[Results.RECORD_BYTES];
    MemorySegment.copy(semantic, ValueLayout.JAVA_BYTE, 0, record, 0, Bits.SEMANTIC_BYTES);
    SchemaJson.read(function, arguments.text(1), SchemaSidecar.of(record));
    return record;
  }
}
