package org.bindsql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.bindsql.error.BindSqlException;
import org.junit.jupiter.api.Test;

/** Every Arrow type maps to SQL, and every SQL type that has a vector maps back. */
class ArrowTypesTest {
  private final JavaTypeFactoryImpl types = new JavaTypeFactoryImpl();

  private String sql(ArrowType type, Field... children) {
    Field field = new Field("c", FieldType.notNullable(type), List.of(children));
    return ArrowTypes.toSql(types, field).getFullTypeString();
  }

  private static Field item(ArrowType type) {
    return Field.nullable("item", type);
  }

  @Test
  void scalars() {
    assertEquals("BOOLEAN NOT NULL", sql(ArrowType.Bool.INSTANCE));
    assertEquals("TINYINT NOT NULL", sql(new ArrowType.Int(8, true)));
    assertEquals("SMALLINT NOT NULL", sql(new ArrowType.Int(8, false)));
    assertEquals("INTEGER NOT NULL", sql(new ArrowType.Int(16, false)));
    assertEquals("BIGINT NOT NULL", sql(new ArrowType.Int(32, false)));
    assertEquals("REAL NOT NULL", sql(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)));
    assertEquals("BINARY(16) NOT NULL", sql(new ArrowType.FixedSizeBinary(16)));
    assertEquals("VARBINARY NOT NULL", sql(ArrowType.LargeBinary.INSTANCE));
    assertEquals("DATE NOT NULL", sql(new ArrowType.Date(DateUnit.MILLISECOND)));
    assertEquals("TIMESTAMP(0) NOT NULL", sql(new ArrowType.Timestamp(TimeUnit.SECOND, null)));
    assertEquals(
        "TIMESTAMP_WITH_LOCAL_TIME_ZONE(3) NOT NULL",
        sql(new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC")));
    assertEquals("DECIMAL(9, 2) NOT NULL", sql(new ArrowType.Decimal(9, 2, 128)));
    assertEquals("NULL", sql(ArrowType.Null.INSTANCE));
  }

  @Test
  void nestedTypesKeepTheNullabilityOfTheirParts() {
    Field number = item(new ArrowType.Int(32, true));
    assertEquals("INTEGER ARRAY NOT NULL", sql(ArrowType.List.INSTANCE, number));
    assertEquals("INTEGER ARRAY NOT NULL", sql(new ArrowType.FixedSizeList(3), number));
    assertEquals("RecordType(INTEGER item) NOT NULL", sql(ArrowType.Struct.INSTANCE, number));
  }

  @Test
  void whatSqlCannotExpressIsAnyAndFailsWhenRead() {
    List<ArrowType> odd =
        List.of(
            new ArrowType.Duration(TimeUnit.SECOND),
            new ArrowType.Interval(IntervalUnit.DAY_TIME),
            new ArrowType.Union(UnionMode.Dense, new int[0]));
    for (ArrowType type : odd) {
      assertEquals("ANY", sql(type));
      Field field = Field.notNullable("c", type);
      assertFalse(ArrowTypes.isReadable(field));
      assertThrows(BindSqlException.class, () -> ArrowTypes.requireReadable(field));
    }
  }

  @Test
  void sqlTypesComeBackFromArrow() {
    List<ArrowType> exact =
        List.of(
            ArrowType.Bool.INSTANCE,
            new ArrowType.Int(8, true),
            new ArrowType.Int(64, true),
            new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            ArrowType.Utf8.INSTANCE,
            ArrowType.Binary.INSTANCE,
            new ArrowType.FixedSizeBinary(2048),
            new ArrowType.Date(DateUnit.DAY),
            new ArrowType.Timestamp(TimeUnit.MILLISECOND, null));
    for (ArrowType type : exact) {
      Field field = Field.nullable("c", type);
      RelDataType sqlType = ArrowTypes.toSql(types, field);
      assertEquals(field, ArrowTypes.toArrow("c", sqlType));
    }
  }
}
