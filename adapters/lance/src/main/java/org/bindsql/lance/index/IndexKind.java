package org.bindsql.lance.index;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.lance.index.IndexType;

/** The kinds of index over the values of one column. */
public enum IndexKind {
  /** Sorted pages of values: equality and ranges of columns with many distinct values. */
  BTREE("btree", IndexType.BTREE, List.of("zone_size")),
  /** The rows of each value: equality and ranges of columns with few distinct values. */
  BITMAP("bitmap", IndexType.BITMAP, List.of()),
  /** The rows of each element of a list column. */
  LABEL_LIST("labellist", IndexType.LABEL_LIST, List.of()),
  /** Least and greatest value of every zone of rows: ranges of columns that are nearly sorted. */
  ZONEMAP("zonemap", IndexType.ZONEMAP, List.of("rows_per_zone")),
  /** The rows of each three letters of a text column: text contained in a longer one. */
  NGRAM("ngram", IndexType.NGRAM, List.of()),
  /** Sketches of fingerprints, for searches by Hamming distance: BindSQL's own, see HdrIndexes. */
  HDR("hdr", IndexType.SCALAR, List.of());

  private final String lanceName;
  private final IndexType lanceType;
  private final List<String> options;

  IndexKind(String lanceName, IndexType lanceType, List<String> options) {
    this.lanceName = lanceName;
    this.lanceType = lanceType;
    this.options = options;
  }

  String lanceName() {
    return lanceName;
  }

  IndexType lanceType() {
    return lanceType;
  }

  /** Names of the options, each a whole number of at least 1. */
  public List<String> options() {
    return options;
  }

  /** The kind of that name, ignoring case; NOT_SUPPORTED if there is none. */
  public static IndexKind named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (IndexKind kind : values()) {
      if (kind.name().equals(upper)) {
        return kind;
      }
    }
    throw new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        "index kind " + upper + " is not supported; the kinds are " + names());
  }

  private static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** SQL's name of what Lance calls a kind of index; Lance's own in capitals where SQL has none. */
  static String sqlName(String lanceName) {
    String letters = lanceName.replace("_", "").toLowerCase(Locale.ROOT);
    for (IndexKind kind : values()) {
      if (kind.lanceName.equals(letters)) {
        return kind.name();
      }
    }
    return lanceName.toUpperCase(Locale.ROOT);
  }

  /** Whether an index of this kind can be over the column. */
  public boolean accepts(Field column) {
    ArrowType type = column.getType();
    return switch (this) {
      case LABEL_LIST ->
          (type instanceof ArrowType.List || type instanceof ArrowType.LargeList)
              && !column.getChildren().getFirst().getType().isComplex();
      case NGRAM -> type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8;
      case BTREE, BITMAP, ZONEMAP -> !type.isComplex() && !(type instanceof ArrowType.Null);
      case HDR -> type instanceof ArrowType.FixedSizeBinary;
    };
  }

  /** What columns {@link #accepts} accepts, for messages. */
  String expected() {
    return switch (this) {
      case LABEL_LIST -> "an ARRAY of plain values";
      case NGRAM -> "VARCHAR";
      case BTREE, BITMAP, ZONEMAP -> "a column of plain values";
      case HDR -> "fingerprints, BINARY(n)";
    };
  }
}
