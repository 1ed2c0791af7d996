package org.bindsql.functions;

import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorFunction;
import org.bindsql.schema.SchemaPredicate;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Batch form of {@code schema_passes}: compiles each distinct run of predicate texts once. */
final class PredicateFunction implements VectorFunction {
  private static final String NAME = "schema_passes";

  private @Nullable String lastText;
  private @Nullable SchemaPredicate last;

  @Override
  public void apply(List<Column> arguments, Selection rows, FieldVector result) {
    BinaryColumn records = BinaryColumn.of(NAME, 0, arguments.get(0));
    ValueColumn texts = ValueColumn.of(arguments.get(1));
    BitVector passes = (BitVector) result;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      Object text = texts.get(row);
      if (text == null || records.isNull(row)) {
        passes.setNull(row);
        continue;
      }
      Bits.checkRecord(NAME, records.length(row));
      boolean pass = compiled(text.toString()).test(records.segment(row), records.offset(row));
      passes.set(row, pass ? 1 : 0);
    }
  }

  private SchemaPredicate compiled(String text) {
    SchemaPredicate predicate = last;
    if (predicate == null || !text.equals(lastText)) {
      predicate = SchemaPredicate.compile(text);
      lastText = text;
      last = predicate;
    }
    return predicate;
  }
}
