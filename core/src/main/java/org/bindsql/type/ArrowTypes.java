package org.bindsql.type;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The mapping between Arrow fields and SQL types, in both directions, nullability included.
 *
 * <p>Arrow types without a SQL counterpart (unions, intervals, durations) and Lance's blobs map to
 * {@code ANY}: the table opens and its other columns are usable, but reading the column fails with
 * {@link ErrorCode#NOT_SUPPORTED}.
 */
public final class ArrowTypes {
  /** Metadata of a field that Lance keeps apart: a scan tells where its values are, not what. */
  private static final String BLOB = "lance-encoding:blob";

  private ArrowTypes() {}

  /** The row type of a table with the given columns. */
  public static RelDataType toRowType(RelDataTypeFactory factory, Schema schema) {
    return toStruct(factory, schema.getFields());
  }

  /** The SQL type of a column; nullable if the field is. */
  public static RelDataType toSql(RelDataTypeFactory factory, Field field) {
    RelDataType type = toSqlNotNull(factory, field);
    // The NULL type has no value but NULL, and what is unknown may be NULL.
    boolean nullable =
        field.isNullable()
            || type.getSqlTypeName() == SqlTypeName.NULL
            || type.getSqlTypeName() == SqlTypeName.ANY;
    return factory.createTypeWithNullability(type, nullable);
  }

  /** The field as it is stored, without the meaning that an extension type adds. */
  private static Field storage(Field field, ArrowType.ExtensionType type) {
    FieldType stored = new FieldType(field.isNullable(), type.storageType(), null);
    return new Field(field.getName(), stored, field.getChildren());
  }

  /** Whether values of the column can be read. */
  public static boolean isReadable(Field field) {
    return !isBlob(field) && isReadableType(field);
  }

  private static boolean isBlob(Field field) {
    return "true".equals(field.getMetadata().get(BLOB));
  }

  private static boolean isReadableType(Field field) {
    return switch (field.getType()) {
      case ArrowType.Union ignored -> false;
      case ArrowType.Interval ignored -> false;
      case ArrowType.Duration ignored -> false;
      case ArrowType.ExtensionType type -> isReadable(storage(field, type));
      case ArrowType.RunEndEncoded ignored -> false;
      default -> field.getChildren().stream().allMatch(ArrowTypes::isReadable);
    };
  }

  /**
   * Fails if the column cannot be read.
   *
   * @throws BindSqlException NOT_SUPPORTED, naming the column and its Arrow type
   */
  public static void requireReadable(Field field) {
    if (!isReadable(field)) {
      throw notReadable(field);
    }
  }

  static BindSqlException notReadable(Field field) {
    return new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        "column "
            + field.getName()
            + " cannot be read: "
            + (isBlob(field)
                ? "it is stored as a Lance blob"
                : "its Arrow type " + field.getType() + " has no SQL counterpart"));
  }

  private static RelDataType toStruct(RelDataTypeFactory factory, List<Field> fields) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (Field field : fields) {
      builder.add(field.getName(), toSql(factory, field));
    }
    return builder.build();
  }

  private static RelDataType toSqlNotNull(RelDataTypeFactory factory, Field field) {
    if (!isReadable(field)) {
      return factory.createSqlType(SqlTypeName.ANY);
    }
    // A dictionary-encoded field carries the type of its values, not of its indices.
    return switch (field.getType()) {
      case ArrowType.Null ignored -> factory.createSqlType(SqlTypeName.NULL);
      case ArrowType.Bool ignored -> factory.createSqlType(SqlTypeName.BOOLEAN);
      case ArrowType.Int type -> integerType(factory, type);
      case ArrowType.FloatingPoint type ->
          factory.createSqlType(
              type.getPrecision() == FloatingPointPrecision.DOUBLE
                  ? SqlTypeName.DOUBLE
                  : SqlTypeName.REAL);
      case ArrowType.Decimal type -> decimalType(factory, type);
      case ArrowType.Utf8 ignored -> factory.createSqlType(SqlTypeName.VARCHAR);
      case ArrowType.LargeUtf8 ignored -> factory.createSqlType(SqlTypeName.VARCHAR);
      case ArrowType.Utf8View ignored -> factory.createSqlType(SqlTypeName.VARCHAR);
      case ArrowType.Binary ignored -> factory.createSqlType(SqlTypeName.VARBINARY);
      case ArrowType.LargeBinary ignored -> factory.createSqlType(SqlTypeName.VARBINARY);
      case ArrowType.BinaryView ignored -> factory.createSqlType(SqlTypeName.VARBINARY);
      case ArrowType.FixedSizeBinary type ->
          factory.createSqlType(SqlTypeName.BINARY, type.getByteWidth());
      case ArrowType.Date ignored -> factory.createSqlType(SqlTypeName.DATE);
      case ArrowType.Time type -> factory.createSqlType(SqlTypeName.TIME, digits(type.getUnit()));
      case ArrowType.Timestamp type ->
          factory.createSqlType(
              type.getTimezone() == null
                  ? SqlTypeName.TIMESTAMP
                  : SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
              digits(type.getUnit()));
      case ArrowType.List ignored -> arrayType(factory, field);
      case ArrowType.LargeList ignored -> arrayType(factory, field);
      case ArrowType.FixedSizeList ignored -> arrayType(factory, field);
      case ArrowType.ListView ignored -> arrayType(factory, field);
      case ArrowType.LargeListView ignored -> arrayType(factory, field);
      case ArrowType.Struct ignored -> toStruct(factory, field.getChildren());
      case ArrowType.Map ignored -> mapType(factory, field);
      case ArrowType.ExtensionType type -> toSqlNotNull(factory, storage(field, type));
      default -> factory.createSqlType(SqlTypeName.ANY);
    };
  }

  private static RelDataType integerType(RelDataTypeFactory factory, ArrowType.Int type) {
    if (type.getIsSigned()) {
      return factory.createSqlType(
          switch (type.getBitWidth()) {
            case 8 -> SqlTypeName.TINYINT;
            case 16 -> SqlTypeName.SMALLINT;
            case 32 -> SqlTypeName.INTEGER;
            default -> SqlTypeName.BIGINT;
          });
    }
    return switch (type.getBitWidth()) {
      case 8 -> factory.createSqlType(SqlTypeName.SMALLINT);
      case 16 -> factory.createSqlType(SqlTypeName.INTEGER);
      case 32 -> factory.createSqlType(SqlTypeName.BIGINT);
      default -> factory.createSqlType(SqlTypeName.DECIMAL, 20, 0);
    };
  }

  private static RelDataType decimalType(RelDataTypeFactory factory, ArrowType.Decimal type) {
    return factory.createSqlType(SqlTypeName.DECIMAL, type.getPrecision(), type.getScale());
  }

  private static RelDataType arrayType(RelDataTypeFactory factory, Field field) {
    return factory.createArrayType(toSql(factory, field.getChildren().getFirst()), -1);
  }

  private static RelDataType mapType(RelDataTypeFactory factory, Field field) {
    List<Field> entry = field.getChildren().getFirst().getChildren();
    return factory.createMapType(toSql(factory, entry.get(0)), toSql(factory, entry.get(1)));
  }

  /** Fraction digits of a second that the unit can express. */
  private static int digits(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> 0;
      case MILLISECOND -> 3;
      case MICROSECOND -> 6;
      case NANOSECOND -> 9;
    };
  }

  /**
   * The Arrow field that holds values of a SQL type; nullable if the type is.
   *
   * @throws BindSqlException NOT_SUPPORTED if no Arrow type holds them (intervals, GEOMETRY, ...)
   */
  public static Field toArrow(String name, RelDataType type) {
    return new Field(
        name, new FieldType(type.isNullable(), arrowType(name, type), null), children(name, type));
  }

  /** The schema of a relation. */
  public static Schema toSchema(RelDataType rowType) {
    List<Field> fields = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      fields.add(toArrow(field.getName(), field.getType()));
    }
    return new Schema(fields);
  }

  private static ArrowType arrowType(String name, RelDataType type) {
    return arrowType(name, type.getSqlTypeName(), type.getPrecision(), type.getScale());
  }

  /**
   * The Arrow type that holds values of a SQL type.
   *
   * @param name the column, for the message
   * @param precision digits, bytes, or fraction digits of a second, where the type has them
   * @param scale fraction digits of a DECIMAL
   * @throws BindSqlException NOT_SUPPORTED if no Arrow type holds them (intervals, GEOMETRY, ...)
   */
  public static ArrowType arrowType(String name, SqlTypeName type, int precision, int scale) {
    return switch (type) {
      case NULL -> ArrowType.Null.INSTANCE;
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case TINYINT -> new ArrowType.Int(8, true);
      case SMALLINT -> new ArrowType.Int(16, true);
      case INTEGER -> new ArrowType.Int(32, true);
      case BIGINT -> new ArrowType.Int(64, true);
      case UTINYINT -> new ArrowType.Int(8, false);
      case USMALLINT -> new ArrowType.Int(16, false);
      case UINTEGER -> new ArrowType.Int(32, false);
      case UBIGINT -> new ArrowType.Int(64, false);
      case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT, DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DECIMAL -> new ArrowType.Decimal(precision, scale, precision <= 38 ? 128 : 256);
      case CHAR, VARCHAR -> ArrowType.Utf8.INSTANCE;
      case BINARY -> new ArrowType.FixedSizeBinary(precision);
      case VARBINARY -> ArrowType.Binary.INSTANCE;
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIME -> timeType(precision);
      case TIMESTAMP -> new ArrowType.Timestamp(unit(precision), null);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> new ArrowType.Timestamp(unit(precision), "UTC");
      case ARRAY, MULTISET -> ArrowType.List.INSTANCE;
      case ROW -> ArrowType.Struct.INSTANCE;
      case MAP -> new ArrowType.Map(false);
      default ->
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED,
              "column " + name + " has SQL type " + type + ", which no Arrow type holds");
    };
  }

  private static ArrowType timeType(int precision) {
    TimeUnit unit = unit(precision);
    int bits = unit == TimeUnit.SECOND || unit == TimeUnit.MILLISECOND ? 32 : 64;
    return new ArrowType.Time(unit, bits);
  }

  private static TimeUnit unit(int precision) {
    if (precision <= 0) {
      return TimeUnit.SECOND;
    }
    return precision <= 3
        ? TimeUnit.MILLISECOND
        : precision <= 6 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
  }

  private static List<Field> children(String name, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case ARRAY, MULTISET -> List.of(toArrow("item", required(name, type.getComponentType())));
      case ROW -> toSchema(type).getFields();
      case MAP -> {
        Field key =
            new Field(
                "key",
                FieldType.notNullable(arrowType(name, required(name, type.getKeyType()))),
                children(name, required(name, type.getKeyType())));
        Field value = toArrow("value", required(name, type.getValueType()));
        yield List.of(
            new Field(
                "entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value)));
      }
      default -> List.of();
    };
  }

  private static RelDataType required(String name, @Nullable RelDataType type) {
    if (type == null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "column " + name + " has no known element type");
    }
    return type;
  }
}
