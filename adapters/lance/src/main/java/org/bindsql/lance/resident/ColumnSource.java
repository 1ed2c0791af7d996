package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.schema.LanceField;

/**
 * A fingerprint column of an open version, or a narrow one that results show, as a statement reads
 * it.
 *
 * @param doing what is done, for messages
 * @param dataset stays open while the source is used
 * @param version what is open
 * @param snapshot the version's columns
 * @param column position of the column among SQL's
 * @param context the statement's
 */
public record ColumnSource(
    String doing,
    Dataset dataset,
    DatasetVersion version,
    Snapshot snapshot,
    int column,
    ExecutionContext context) {
  /** Metadata of a stored field: the name of the HDR index over the column that begins with it. */
  public static final String HDR_INDEX = "bindsql:hdr-index";

  private static final String ADDRESS = "_rowaddr";

  /** Bytes of each value. */
  int width() {
    return HeldColumn.width(field());
  }

  /** The column as SQL sees it. */
  Field field() {
    return snapshot.schema().getFields().get(column);
  }

  /** The column's name. */
  String name() {
    return field().getName();
  }

  /** The name of the column's HDR index, or null if it has none. */
  @Nullable String hdrIndex() {
    int first = snapshot.sources().get(column)[0];
    return first < 0 ? null : snapshot.stored().getFields().get(first).getMetadata().get(HDR_INDEX);
  }

  /** Whether Lance can be asked for single rows of the column. */
  boolean isAddressable() {
    return new Projection(snapshot, column).isAddressable();
  }

  /** Lance's numbers of the fields that the column consists of; one is -1 if it is not known. */
  List<Integer> fields() {
    return fields(dataset, snapshot, column);
  }

  private static List<Integer> fields(Dataset dataset, Snapshot snapshot, int column) {
    List<Integer> fields = new ArrayList<>();
    List<LanceField> all = numbered(dataset);
    for (int source : snapshot.sources().get(column)) {
      String name = snapshot.name(source);
      fields.add(
          all.stream()
              .filter(f -> f.getName().equals(name))
              .mapToInt(LanceField::getId)
              .findFirst()
              .orElse(-1));
    }
    return fields;
  }

  /** The fields with their numbers; none if lance-core cannot say it for one of their types. */
  private static List<LanceField> numbered(Dataset dataset) {
    try {
      return dataset.getLanceSchema().fields();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** Lance's numbers of a column's fields, as they are in the names of files. */
  public static String fieldNumbers(Dataset dataset, Snapshot snapshot, int column) {
    return SketchFiles.fields(fields(dataset, snapshot, column));
  }

  /** The files that have a fragment's values of some fields; null if that cannot be told. */
  static @Nullable List<FieldFile> files(FragmentMetadata fragment, List<Integer> fields) {
    List<FieldFile> files = new ArrayList<>();
    for (int field : fields) {
      FieldFile found = null;
      for (DataFile file : fragment.getFiles()) {
        for (int candidate : file.getFields()) {
          if (candidate == field && field >= 0) {
            found = file(file, field);
          }
        }
      }
      if (found == null) {
        return null; // a column that was added without values, for one
      }
      files.add(found);
    }
    return files;
  }

  private static FieldFile file(DataFile file, int field) {
    Long bytes = file.getFileSizeBytes();
    return new FieldFile(
        file.getBaseId().orElse(null), file.getPath(), bytes == null ? -1 : bytes, field);
  }

  /** Places in a fragment of the rows that are not deleted. */
  BitSet liveRows(int fragment) {
    Snapshot extended = snapshot.with(List.of(ADDRESS));
    Projection address = new Projection(extended, extended.schema().getFields().size() - 1);
    BitSet live = new BitSet();
    try (LanceScan scan =
        LanceScan.open(
            doing,
            () -> {},
            dataset,
            address,
            new LanceScan.Request(null, -1, 0, List.of(fragment), false),
            context)) {
      for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
        BigIntVector addresses = (BigIntVector) batch.column(0);
        for (int i = 0; i < batch.rowCount(); i++) {
          live.set((int) addresses.get(i));
        }
      }
    }
    return live;
  }

  /**
   * Opens a scan of the column's live rows in a fragment.
   *
   * @param first live rows of the fragment to leave out
   * @param count greatest number of rows
   */
  LanceScan scan(int fragment, long first, long count) {
    return LanceScan.open(
        doing,
        () -> {},
        dataset,
        new Projection(snapshot, column),
        new LanceScan.Request(null, count, first, List.of(fragment), false),
        context);
  }

  /** The fragments, in the order of their rows; null if their rows are not counted. */
  @Nullable List<FragmentMetadata> fragments() {
    try {
      List<FragmentMetadata> fragments = new ArrayList<>();
      long total = 0;
      for (org.lance.Fragment fragment : dataset.getFragments()) {
        FragmentMetadata metadata = fragment.metadata();
        fragments.add(metadata);
        total += metadata.getNumRows();
      }
      return total == dataset.countRows() ? fragments : null;
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }
}
