package org.bindsql.bindspace;

import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Arrow types of the tables' columns, named by their SQL types. */
final class ColumnTypes {
  static final ArrowType BOOLEAN = new ArrowType.Bool();
  static final ArrowType SMALLINT = new ArrowType.Int(16, true);
  static final ArrowType INTEGER = new ArrowType.Int(32, true);
  static final ArrowType BIGINT = new ArrowType.Int(64, true);
  static final ArrowType REAL = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  static final ArrowType VARCHAR = new ArrowType.Utf8();
  static final ArrowType VARBINARY = new ArrowType.Binary();

  private ColumnTypes() {}

  static ArrowType fixedBinary(int bytes) {
    return new ArrowType.FixedSizeBinary(bytes);
  }
}
