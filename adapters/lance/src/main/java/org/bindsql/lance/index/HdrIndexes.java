package org.bindsql.lance.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.cascade.Sketch;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.resident.ColumnSource;
import org.bindsql.lance.resident.ResidentColumns;
import org.jspecify.annotations.Nullable;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.Transaction;
import org.lance.operation.UpdateConfig;
import org.lance.operation.UpdateMap;

/**
 * Indexes of kind HDR: sketches of fingerprints that are kept beside the table.
 *
 * <p>The definition is metadata of the column's field, so that it goes where the column goes: it
 * survives a new name, and ends with the column. The sketches are files of their own, one for each
 * data file, which are made when they are missing; a version of the table says nothing of them.
 */
public final class HdrIndexes {
  private HdrIndexes() {}

  /** The index of that name; null if the table has none of kind HDR that is called so. */
  static @Nullable LanceIndex find(LanceTable table, String name) {
    for (LanceIndex index : list(table)) {
      if (index.name().equals(name)) {
        return index;
      }
    }
    return null;
  }

  /** Position of the column whose index has the name, or -1. */
  private static int column(Snapshot snapshot, String name) {
    for (int column = 0; column < snapshot.sources().size(); column++) {
      if (name.equals(nameOf(snapshot, column))) {
        return column;
      }
    }
    return -1;
  }

  /** The name of the column's index, or null. */
  private static @Nullable String nameOf(Snapshot snapshot, int column) {
    int[] sources = snapshot.sources().get(column);
    if (sources.length == 1 && snapshot.isPart(column)) {
      return null; // its whole has it
    }
    Field first = snapshot.stored().getFields().get(sources[0]);
    return first.getMetadata().get(ColumnSource.HDR_INDEX);
  }

  /**
   * Defines an index and makes its sketches.
   *
   * @param column position of a column that can be searched
   * @return rows of the table
   * @throws BindSqlException TABLE_EXISTS if the column has an index of another name
   */
  static long create(LanceTable table, String name, int column) {
    Snapshot snapshot = table.snapshot();
    String existing = nameOf(snapshot, column);
    if (existing != null && !existing.equals(name)) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS,
          "column '%s' of table '%s' has HDR index '%s'"
              .formatted(
                  snapshot.schema().getFields().get(column).getName(), table.name(), existing));
    }
    if (existing == null) {
      define(table, snapshot.name(snapshot.sources().get(column)[0]), name);
    }
    return Head.readVersion(
        table,
        doing(table),
        (version, dataset) -> {
          store(table, version, dataset, List.of(column), false);
          return dataset.countRows();
        });
  }

  /** Sets or removes the metadata that defines an index. */
  private static void define(LanceTable table, String storedColumn, @Nullable String name) {
    Map<String, @Nullable String> change = new HashMap<>();
    change.put(ColumnSource.HDR_INDEX, name);
    UpdateMap update = UpdateMap.builder().updates(change).replace(false).build();
    Head.change(
        table,
        doing(table),
        dataset -> {
          int field =
              dataset.getLanceSchema().fields().stream()
                  .filter(f -> f.getName().equals(storedColumn))
                  .findFirst()
                  .orElseThrow()
                  .getId();
          UpdateConfig operation =
              UpdateConfig.builder().fieldMetadataUpdates(Map.of(field, update)).build();
          try (Transaction transaction =
              new Transaction.Builder()
                  .readVersion(dataset.version())
                  .operation(operation)
                  .build()) {
            new CommitBuilder(dataset)
                .skipAutoCleanup(true)
                .writeParams(table.location().storageOptions())
                .execute(transaction)
                .close();
          }
          return 0;
        });
  }

  /** Removes the index of that name and its files; returns whether there was one. */
  static boolean drop(LanceTable table, String name) {
    Snapshot snapshot = newest(table);
    int column = column(snapshot, name);
    if (column < 0) {
      return false;
    }
    define(table, snapshot.name(snapshot.sources().get(column)[0]), null);
    Head.read(table, doing(table), dataset -> clean(table, dataset));
    return true;
  }

  /**
   * Stores the sketches that are missing.
   *
   * @param name the index, or null for all of the table
   * @param all whether those that are there are made anew, too
   * @return rows whose sketches were stored
   */
  public static long update(LanceTable table, @Nullable String name, boolean all) {
    Snapshot snapshot = newest(table);
    List<Integer> columns = new ArrayList<>();
    for (int column = 0; column < snapshot.sources().size(); column++) {
      String index = nameOf(snapshot, column);
      if (index != null && (name == null || name.equals(index))) {
        columns.add(column);
      }
    }
    return columns.isEmpty()
        ? 0
        : Head.readVersion(
            table,
            doing(table),
            (version, dataset) -> store(table, version, dataset, columns, all));
  }

  private static long store(
      LanceTable table, DatasetVersion version, Dataset dataset, List<Integer> columns, boolean all)
      throws Exception {
    long rows = 0;
    for (int column : columns) {
      rows +=
          ResidentColumns.of(table.session()).store(source(table, version, dataset, column), all);
    }
    return rows;
  }

  /** The columns of the newest version. */
  private static Snapshot newest(LanceTable table) {
    return Head.readVersion(
        table, doing(table), (version, dataset) -> Snapshot.of(version.manifest(), dataset));
  }

  private static ColumnSource source(
      LanceTable table, DatasetVersion version, Dataset dataset, int column) throws Exception {
    return new ColumnSource(
        doing(table),
        dataset,
        version,
        Snapshot.of(version.manifest(), dataset),
        column,
        ExecutionContext.of(table.session().allocator(), variable -> null));
  }

  private static String doing(LanceTable table) {
    return "index of table " + table.name();
  }

  /** The indexes of the newest version. */
  static List<LanceIndex> list(LanceTable table) {
    return Head.readVersion(
        table,
        "indexes of table " + table.name(),
        (version, dataset) -> {
          List<LanceIndex> indexes = new ArrayList<>();
          Snapshot snapshot = Snapshot.of(version.manifest(), dataset);
          for (int column = 0; column < snapshot.sources().size(); column++) {
            String name = nameOf(snapshot, column);
            if (name != null && snapshot.width(column) > 0) {
              indexes.add(describe(table, name, source(table, version, dataset, column)));
            }
          }
          return indexes;
        });
  }

  private static LanceIndex describe(LanceTable table, String name, ColumnSource source) {
    ResidentColumns.Stored stored = ResidentColumns.of(table.session()).stored(source);
    int width = source.snapshot().width(source.column());
    return new LanceIndex(
        name,
        List.of(source.snapshot().schema().getFields().get(source.column()).getName()),
        IndexKind.HDR.name(),
        stored.rows(),
        stored.missing(),
        stored.files(),
        "{\"sketch_bits\":%d,\"bytes\":%d}"
            .formatted(Sketch.halves(width) * Sketch.HALF_BITS, stored.bytes()));
  }

  /**
   * Removes files of sketches that are of no use any more.
   *
   * @param dataset the newest version
   * @return bytes removed
   */
  public static long clean(LanceTable table, Dataset dataset) throws Exception {
    Path directory = table.location().path();
    if (directory == null) {
      return 0;
    }
    Snapshot snapshot = Snapshot.of(Manifest.of(dataset.getVersion()), dataset);
    Set<String> indexed = new HashSet<>();
    for (int column = 0; column < snapshot.sources().size(); column++) {
      if (nameOf(snapshot, column) != null) {
        indexed.add(ColumnSource.fieldNumbers(dataset, snapshot, column));
      }
    }
    return ResidentColumns.clean(directory, new DatasetFiles(directory).dataDirectory(), indexed);
  }
}
