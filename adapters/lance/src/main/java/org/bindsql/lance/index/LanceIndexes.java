package org.bindsql.lance.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.filter.IndexUse;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.index.IndexDescription;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.OptimizeOptions;
import org.lance.index.scalar.ScalarIndexParams;
import org.lance.schema.LanceField;
import org.lance.util.JsonUtils;

/** Creation, removal, upkeep and listing of a table's indexes. Each change is one commit. */
public final class LanceIndexes {
  /**
   * An option of an index kind.
   *
   * @param value at least 1
   */
  public record Option(String name, long value) {}

  /**
   * What an index is to be.
   *
   * @param name its name
   * @param column the column as SQL writes it: one name, or several for a nested field
   * @param options some of {@link IndexKind#options}
   */
  public record Definition(
      String name, List<String> column, IndexKind kind, List<Option> options) {}

  /** What {@link #optimize} does about rows that the index does not cover. */
  public enum Mode {
    /** Index them in a segment of their own: quick, but one more segment to look into. */
    APPEND,
    /** Index them and merge all segments into one. */
    MERGE,
    /** Build the index anew from all rows. */
    RETRAIN;

    /** The mode of that name, ignoring case; BAD_ARGUMENT if there is none. */
    public static Mode named(String name) {
      for (Mode mode : values()) {
        if (mode.name().equalsIgnoreCase(name)) {
          return mode;
        }
      }
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "ALTER INDEX: option 'mode' cannot be '" + name + "': expected append, merge or retrain");
    }
  }

  private LanceIndexes() {}

  /**
   * Builds an index over the newest version of a table.
   *
   * @param ifNotExists whether nothing is done if there is an index of the name
   * @param replace whether an index of the name is replaced
   * @return rows indexed, 0 if nothing was done
   * @throws BindSqlException NO_SUCH_COLUMN; TYPE_MISMATCH if the kind cannot be over the column;
   *     NOT_SUPPORTED for nested fields, and for zone maps of tables with stable row ids, which
   *     would miss rows that an update or a compaction moved; TABLE_EXISTS if the name is taken
   */
  public static long create(
      LanceTable table, Definition definition, boolean ifNotExists, boolean replace) {
    String name = checkName(definition.name());
    int position = column(table, definition);
    boolean hdrHasName = HdrIndexes.find(table, name) != null;
    if (hdrHasName && ifNotExists) {
      return 0;
    }
    if (hdrHasName && !replace) {
      throw exists(table, name);
    }
    if (hdrHasName) {
      HdrIndexes.drop(table, name);
    }
    return definition.kind() == IndexKind.HDR
        ? createHdr(table, name, position, ifNotExists, replace)
        : createScalar(table, definition, position, ifNotExists, replace);
  }

  private static BindSqlException exists(LanceTable table, String name) {
    return new BindSqlException(
        ErrorCode.TABLE_EXISTS, "index '" + name + "' exists on table '" + table.name() + "'");
  }

  private static long createHdr(
      LanceTable table, String name, int column, boolean ifNotExists, boolean replace) {
    boolean taken =
        Head.read(table, "index of table " + table.name(), dataset -> find(dataset, name) != null);
    if (taken && ifNotExists) {
      return 0;
    }
    if (taken && !replace) {
      throw exists(table, name);
    }
    if (taken) {
      drop(table, name);
    }
    return HdrIndexes.create(table, name, column);
  }

  private static long createScalar(
      LanceTable table, Definition definition, int position, boolean ifNotExists, boolean replace) {
    String name = definition.name();
    Snapshot snapshot = table.snapshot();
    String column = snapshot.name(snapshot.sources().get(position)[0]);
    return Head.change(
        table,
        "index of table " + table.name(),
        dataset -> {
          IndexDescription existing = find(dataset, name);
          if (existing != null && ifNotExists) {
            return 0L;
          }
          if (definition.kind() == IndexKind.ZONEMAP && dataset.hasStableRowIds()) {
            // github.com/lance-format/lance/issues/7434: taken for ids, its addresses miss rows.
            throw new BindSqlException(
                ErrorCode.NOT_SUPPORTED,
                "ZONEMAP cannot index table '"
                    + table.name()
                    + "', which has stable row ids: expected BTREE or BITMAP");
          }
          if (existing != null && !replace) {
            throw exists(table, name);
          }
          if (existing != null && !columns(dataset, existing).equals(List.of(column))) {
            dataset.dropIndex(name); // Lance replaces an index only by one over the same column
          }
          dataset.createIndex(
              IndexOptions.builder(
                      List.of(column), definition.kind().lanceType(), parameters(definition))
                  .withIndexName(name)
                  .replace(true)
                  .build());
          IndexDescription built = find(dataset, name);
          return built == null ? 0L : built.getRowsIndexed();
        });
  }

  private static IndexParams parameters(Definition definition) {
    Map<String, Object> options = new LinkedHashMap<>();
    definition.options().forEach(option -> options.put(option.name(), option.value()));
    return IndexParams.builder()
        .setScalarIndexParams(
            ScalarIndexParams.create(definition.kind().lanceName(), JsonUtils.toJson(options)))
        .build();
  }

  private static String checkName(String name) {
    if (!Projection.isAddressable(name) || IndexUse.isReserved(name.toLowerCase(Locale.ROOT))) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "an index cannot be named '"
              + name
              + "': names that begin with "
              + IndexUse.RESERVED
              + " are reserved, and back-ticks, NUL and characters beyond U+FFFF not allowed");
    }
    return name;
  }

  /** Position of the column that an index is to be over, after checking that it can be. */
  private static int column(LanceTable table, Definition definition) {
    Snapshot snapshot = table.snapshot();
    List<Field> fields = snapshot.schema().getFields();
    String wanted = definition.column().getFirst();
    int position = -1;
    for (int i = 0; i < fields.size(); i++) {
      String candidate = fields.get(i).getName();
      if (candidate.equals(wanted) || (position < 0 && candidate.equalsIgnoreCase(wanted))) {
        position = i;
      }
    }
    if (position < 0) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_COLUMN, "no column '" + wanted + "' in table '" + table.name() + "'");
    }
    int[] sources = snapshot.sources().get(position);
    String stored = snapshot.stored().getFields().get(sources[0]).getName();
    if (definition.column().size() > 1
        || (sources.length > 1 && definition.kind() != IndexKind.HDR)
        || !Projection.isAddressable(stored)
        || stored.contains(".")) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "'"
              + String.join(".", definition.column())
              + "' cannot be indexed: expected a whole, stored column whose name has no dot or"
              + " back-tick");
    }
    Field field = fields.get(position);
    boolean encoded =
        sources.length == 1
            && !snapshot.stored().getFields().get(sources[0]).getType().equals(field.getType());
    if (encoded || !definition.kind().accepts(field)) {
      throw new BindSqlException(
          ErrorCode.TYPE_MISMATCH,
          definition.kind()
              + " cannot index column '"
              + field.getName()
              + "' of "
              + (encoded ? "dictionary-encoded values" : "type " + sqlType(table, position))
              + ": expected "
              + definition.kind().expected());
    }
    return position;
  }

  private static String sqlType(LanceTable table, int column) {
    return table
        .getRowType(new JavaTypeFactoryImpl())
        .getFieldList()
        .get(column)
        .getType()
        .toString();
  }

  /**
   * Removes an index.
   *
   * @return whether there was one
   */
  public static boolean drop(LanceTable table, String name) {
    if (HdrIndexes.drop(table, name)) {
      return true;
    }
    return Head.change(
        table,
        "index of table " + table.name(),
        dataset -> {
          if (find(dataset, name) == null) {
            return false;
          }
          dataset.dropIndex(name);
          return true;
        });
  }

  /**
   * Takes the rows that an index does not cover into it.
   *
   * @return how many there were
   * @throws BindSqlException NO_SUCH_OBJECT if there is no such index
   */
  public static long optimize(LanceTable table, String name, Mode mode) {
    if (HdrIndexes.find(table, name) != null) {
      return HdrIndexes.update(table, name, mode == Mode.RETRAIN);
    }
    return Head.change(
        table,
        "index of table " + table.name(),
        dataset -> {
          if (find(dataset, name) == null) {
            throw new BindSqlException(
                ErrorCode.NO_SUCH_OBJECT,
                "no index '" + name + "' on table '" + table.name() + "'");
          }
          long unindexed = statistic(dataset.getIndexStatistics(name), "num_unindexed_rows");
          OptimizeOptions.Builder options =
              OptimizeOptions.builder().indexNames(List.of(name)).retrain(mode == Mode.RETRAIN);
          if (mode != Mode.RETRAIN) {
            options.numIndicesToMerge(mode == Mode.APPEND ? 0 : Integer.MAX_VALUE);
          }
          dataset.optimizeIndices(options.build());
          return unindexed;
        });
  }

  /** The indexes of a table's newest version, by name. */
  public static List<LanceIndex> list(LanceTable table) {
    return Head.read(
        table,
        "indexes of table " + table.name(),
        dataset -> {
          List<LanceIndex> indexes = new ArrayList<>(HdrIndexes.list(table));
          for (IndexDescription index : dataset.describeIndices()) {
            if (!IndexUse.isReserved(index.getName())) {
              indexes.add(describe(dataset, index));
            }
          }
          indexes.sort(Comparator.comparing(LanceIndex::name));
          return indexes;
        });
  }

  private static LanceIndex describe(Dataset dataset, IndexDescription index) {
    Map<String, Object> statistics = dataset.getIndexStatistics(index.getName());
    return new LanceIndex(
        index.getName(),
        columns(dataset, index),
        IndexKind.sqlName(index.getIndexType()),
        statistic(statistics, "num_indexed_rows"),
        statistic(statistics, "num_unindexed_rows"),
        index.getSegments().size(),
        details(statistics));
  }

  /** What the index's kind says of its first segment. */
  @SuppressWarnings("unchecked")
  private static @Nullable String details(Map<String, Object> statistics) {
    return statistics.get("indices") instanceof List<?> segments
            && !segments.isEmpty()
            && segments.getFirst() instanceof Map<?, ?> first
        ? JsonUtils.toJson((Map<String, Object>) first)
        : null;
  }

  /** A number among an index's statistics; 0 if it is not there. */
  public static long statistic(Map<String, Object> statistics, String name) {
    return statistics.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static @Nullable IndexDescription find(Dataset dataset, String name) {
    for (IndexDescription index : dataset.describeIndices()) {
      if (index.getName().equals(name)) {
        return index;
      }
    }
    return null;
  }

  /** Names of the columns of an index; of a nested field, the path. */
  private static List<String> columns(Dataset dataset, IndexDescription index) {
    List<LanceField> fields = dataset.getLanceSchema().fields();
    return index.getFieldIds().stream().map(id -> path(fields, id)).toList();
  }

  private static String path(List<LanceField> fields, int id) {
    for (LanceField field : fields) {
      if (field.getId() == id) {
        return field.getName();
      }
      String nested = path(field.getChildren(), id);
      if (!nested.isEmpty()) {
        return field.getName() + "." + nested;
      }
    }
    return "";
  }
}
