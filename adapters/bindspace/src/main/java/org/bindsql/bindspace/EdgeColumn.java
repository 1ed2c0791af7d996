package org.bindsql.bindspace;

import static org.bindsql.bindspace.ColumnTypes.INTEGER;
import static org.bindsql.bindspace.ColumnTypes.REAL;
import static org.bindsql.bindspace.ColumnTypes.VARCHAR;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Columns of the table {@code edges}. */
enum EdgeColumn {
  SOURCE("source", INTEGER, false),
  TARGET("target", INTEGER, false),
  VERB("verb", INTEGER, false),
  SOURCE_LABEL("source_label", VARCHAR, true),
  TARGET_LABEL("target_label", VARCHAR, true),
  VERB_LABEL("verb_label", VARCHAR, true),
  WEIGHT("weight", REAL, false);

  static final List<EdgeColumn> ALL = List.of(values());

  private final Field field;

  EdgeColumn(String name, ArrowType type, boolean nullable) {
    this.field = new Field(name, new FieldType(nullable, type, null), null);
  }

  Field field() {
    return field;
  }

  /** Whether the value follows from other columns, so that no statement can set it. */
  boolean isDerived() {
    return switch (this) {
      case SOURCE_LABEL, TARGET_LABEL, VERB_LABEL -> true;
      case SOURCE, TARGET, VERB, WEIGHT -> false;
    };
  }
}
