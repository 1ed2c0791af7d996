package org.bindsql.engine.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlMapTypeNameSpec;
import org.apache.calcite.sql.SqlRowTypeNameSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.engine.dialect.BindTypeSystem;
import org.bindsql.engine.dialect.Literals;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.parser.SqlArrayTypeNameSpec;
import org.bindsql.type.ArrowTypes;
import org.jspecify.annotations.Nullable;

/**
 * The Arrow fields of the types that a column of CREATE TABLE and ALTER TABLE is written with.
 *
 * <p>FLOAT is a DOUBLE, as everywhere, but 32 bits wide as an element of an ARRAY, where it is what
 * vectors are made of. TIME and TIMESTAMP without precision hold microseconds.
 */
final class ColumnTypes {
  private static final int MAX_DIGITS = 38;
  private static final int MAX_FRACTION = 9;
  private static final int DEFAULT_FRACTION = 6;
  private static final ArrowType HALF = new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);

  private final String column;

  private ColumnTypes(String column) {
    this.column = column;
  }

  /**
   * The field of a column.
   *
   * @throws BindSqlException SYNTAX if there is no such type, OUT_OF_RANGE if its size is none it
   *     can have, NOT_SUPPORTED if Lance cannot store it
   */
  static Field field(
      String column, SqlDataTypeSpec type, boolean nullable, Map<String, String> metadata) {
    Field plain = new ColumnTypes(column).field(column, type.getTypeNameSpec(), nullable, false);
    return new Field(
        column, new FieldType(nullable, plain.getType(), null, metadata), plain.getChildren());
  }

  /** Whether a column of the type accepts only texts or bytes up to a length that Arrow drops. */
  static boolean hasLength(SqlDataTypeSpec type) {
    return type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
        && (basic.getTypeName().getSimple().equals("CHAR") || basic.getPrecision() >= 0)
        && Set.of("CHAR", "VARCHAR", "VARBINARY").contains(basic.getTypeName().getSimple());
  }

  /** The type as SQL writes it: {@code VARCHAR(20)}. */
  static String name(SqlDataTypeSpec type) {
    return Literals.sql(type);
  }

  private Field field(String name, SqlTypeNameSpec spec, boolean nullable, boolean element) {
    return switch (spec) {
      case SqlArrayTypeNameSpec array -> array(name, array, nullable);
      case SqlCollectionTypeNameSpec collection ->
          throw unsupported(spec, "is not a type of a column; an ARRAY is");
      case SqlRowTypeNameSpec row -> row(name, row, nullable);
      case SqlMapTypeNameSpec map -> map(name, map, nullable);
      case SqlBasicTypeNameSpec basic -> leaf(name, basic, nullable, element);
      case SqlUserDefinedTypeNameSpec alias -> leaf(name, alias, nullable);
      default -> throw unsupported(spec, "is not a type of a column");
    };
  }

  private Field array(String name, SqlArrayTypeNameSpec array, boolean nullable) {
    Field item = field("item", array.getElementTypeName(), true, true);
    return array.size() < 0
        ? field(name, ArrowType.List.INSTANCE, nullable, item)
        : fixedArray(name, item, array.size(), nullable, array.getParserPos());
  }

  /** An array of a fixed number of elements, which Lance has only of numbers and truth values. */
  private Field fixedArray(
      String name, Field item, int size, boolean nullable, SqlParserPos position) {
    if (size < 1) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE,
          "column %s: an ARRAY of %d elements, expected at least 1%s"
              .formatted(column, size, SqlText.at(position)));
    }
    boolean storable =
        switch (item.getType()) {
          case ArrowType.Int ignored -> true;
          case ArrowType.FloatingPoint ignored -> true;
          case ArrowType.Bool ignored -> true;
          case ArrowType.Decimal ignored -> true;
          case ArrowType.FixedSizeList ignored -> true;
          default -> false;
        };
    if (!storable) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          ("column %s: Lance stores an ARRAY of fixed size only of numbers and truth values;"
                  + " leave the size out%s")
              .formatted(column, SqlText.at(position)));
    }
    return field(name, new ArrowType.FixedSizeList(size), nullable, item);
  }

  private Field row(String name, SqlRowTypeNameSpec row, boolean nullable) {
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < row.getArity(); i++) {
      SqlIdentifier field = row.getFieldNames().get(i);
      SqlDataTypeSpec type = row.getFieldTypes().get(i);
      if (!names.add(field.getSimple().toLowerCase(Locale.ROOT))) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "column %s: two fields are named '%s'%s"
                .formatted(column, field.getSimple(), SqlText.at(field.getParserPosition())));
      }
      boolean fieldNullable = !Boolean.FALSE.equals(type.getNullable());
      if (nullable && !fieldNullable) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            ("column %s: Lance has no ROW that may be NULL with the field '%s' that may not; write"
                    + " the column NOT NULL too%s")
                .formatted(column, field.getSimple(), SqlText.at(field.getParserPosition())));
      }
      fields.add(field(field.getSimple(), type.getTypeNameSpec(), fieldNullable, false));
    }
    return field(name, ArrowType.Struct.INSTANCE, nullable, fields.toArray(new Field[0]));
  }

  private Field map(String name, SqlMapTypeNameSpec map, boolean nullable) {
    Field key = field("key", map.getKeyType().getTypeNameSpec(), false, false);
    Field value = field("value", map.getValType().getTypeNameSpec(), true, false);
    Field entries = field("entries", ArrowType.Struct.INSTANCE, false, key, value);
    return field(name, new ArrowType.Map(false), nullable, entries);
  }

  private static Field field(String name, ArrowType type, boolean nullable, Field... children) {
    return new Field(name, new FieldType(nullable, type, null), List.of(children));
  }

  private Field leaf(String name, SqlBasicTypeNameSpec spec, boolean nullable, boolean element) {
    SqlTypeName type = SqlTypeName.get(spec.getTypeName().getSimple());
    int precision = spec.getPrecision();
    int scale = spec.getScale() == RelDataType.SCALE_NOT_SPECIFIED ? 0 : spec.getScale();
    if (type == null) {
      throw unsupported(spec, "is not a type of a column");
    }
    switch (type) {
      case FLOAT -> type = element ? SqlTypeName.REAL : SqlTypeName.DOUBLE;
      case DECIMAL -> {
        if (precision < 0) {
          precision = new BindTypeSystem().getDefaultPrecision(type);
        }
        check(spec, "digits", precision, 1, MAX_DIGITS);
        check(spec, "digits after the point", scale, 0, precision);
      }
      case BINARY -> {
        precision = precision < 0 ? 1 : precision;
        check(spec, "bytes", precision, 1, Integer.MAX_VALUE);
      }
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {
        precision = precision < 0 ? DEFAULT_FRACTION : precision;
        check(spec, "digits of a second", precision, 0, MAX_FRACTION);
      }
      case UUID -> throw unsupported(spec, "is not a type of a column; BINARY(16) or VARCHAR is");
      case TIME_WITH_LOCAL_TIME_ZONE, TIME_TZ, TIMESTAMP_TZ ->
          throw unsupported(spec, "is not a type of a column; TIMESTAMP WITH LOCAL TIME ZONE is");
      case ANY, VARIANT, GEOMETRY -> throw unsupported(spec, "is not a type of a column");
      default -> {}
    }
    return field(name, ArrowTypes.arrowType(column, type, precision, scale), nullable);
  }

  private void check(SqlTypeNameSpec spec, String what, int value, int least, int greatest) {
    if (value < least || value > greatest) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE,
          "column %s: %s has %d %s, expected %d to %d%s"
              .formatted(
                  column,
                  spec.getTypeName().getSimple(),
                  value,
                  what,
                  least,
                  greatest,
                  SqlText.at(spec.getParserPos())));
    }
  }

  private Field leaf(String name, SqlUserDefinedTypeNameSpec spec, boolean nullable) {
    SqlTypeName type =
        switch (spec.getTypeName().toString().toUpperCase(Locale.ROOT)) {
          case "TEXT", "STRING" -> SqlTypeName.VARCHAR;
          case "BLOB", "BYTEA", "BYTES" -> SqlTypeName.VARBINARY;
          case "BOOL" -> SqlTypeName.BOOLEAN;
          case "UTINYINT" -> SqlTypeName.UTINYINT;
          case "USMALLINT" -> SqlTypeName.USMALLINT;
          case "UINTEGER" -> SqlTypeName.UINTEGER;
          case "UBIGINT" -> SqlTypeName.UBIGINT;
          case "HALF", "FLOAT16" -> null;
          default ->
              throw new BindSqlException(
                  ErrorCode.SYNTAX,
                  "column %s: no type '%s'%s"
                      .formatted(column, spec.getTypeName(), SqlText.at(spec.getParserPos())));
        };
    return field(name, type == null ? HALF : ArrowTypes.arrowType(column, type, -1, -1), nullable);
  }

  private BindSqlException unsupported(SqlTypeNameSpec spec, String why) {
    return new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        "column %s: %s %s%s"
            .formatted(column, spec.getTypeName(), why, SqlText.at(spec.getParserPos())));
  }

  /**
   * A field of the same values in another Arrow type, as the options {@code arrow.*} of a column
   * ask.
   *
   * @param option {@code float16}, {@code unsigned} or {@code fixed-size-list.size}
   * @return the field, or null if the option has no meaning for its type
   */
  static @Nullable Field stored(Field field, String option, String value) {
    ArrowType type = field.getType();
    return switch (option) {
      case "float16" ->
          type instanceof ArrowType.FloatingPoint
              ? with(field, HALF)
              : ofItem(field, option, value);
      case "unsigned" ->
          type instanceof ArrowType.Int whole
              ? with(field, new ArrowType.Int(whole.getBitWidth(), false))
              : ofItem(field, option, value);
      default -> {
        if (!(type instanceof ArrowType.List)) {
          yield null;
        }
        int size = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
        yield new ColumnTypes(field.getName())
            .fixedArray(
                field.getName(),
                field.getChildren().getFirst(),
                size,
                field.isNullable(),
                SqlParserPos.ZERO);
      }
    };
  }

  private static @Nullable Field ofItem(Field field, String option, String value) {
    if (!(field.getType() instanceof ArrowType.List)
        && !(field.getType() instanceof ArrowType.FixedSizeList)) {
      return null;
    }
    Field item = stored(field.getChildren().getFirst(), option, value);
    return item == null ? null : new Field(field.getName(), field.getFieldType(), List.of(item));
  }

  private static Field with(Field field, ArrowType type) {
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), type, null, field.getMetadata()),
        field.getChildren());
  }
}
