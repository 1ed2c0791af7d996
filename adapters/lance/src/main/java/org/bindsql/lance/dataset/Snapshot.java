package org.bindsql.lance.dataset;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;

/**
 * What is known of one version of a table.
 *
 * <p>SQL's columns are Lance's, with one exception: a record that is stored as the pair {@code
 * fingerprint} (1,536 bytes) and {@code structure} (512 bytes) shows as {@code fingerprint}, all
 * 2,048 bytes, and its parts as {@code fp_body} and {@code structure}.
 *
 * @param manifest the version
 * @param stored columns as Lance names and returns them
 * @param schema columns as SQL sees them
 * @param sources for each of SQL's columns the stored column, or the two whose bytes it joins, or a
 *     negative number for one of {@link #LANCE_COLUMNS}, see {@link #name}
 * @param rows number of live rows
 */
public record Snapshot(
    Manifest manifest, Schema stored, Schema schema, List<int[]> sources, long rows) {
  /** The column whose values are fingerprints in the tables of BindSpace's form. */
  public static final String FINGERPRINT = "fingerprint";

  static final String STRUCTURE = "structure";
  static final String BODY = "fp_body";

  /** What Lance knows of every row beside its columns; whole numbers, never NULL. */
  public static final List<String> LANCE_COLUMNS =
      List.of(
          "_rowaddr",
          "_rowid",
          "_rowoffset",
          "_row_created_at_version",
          "_row_last_updated_at_version");

  private static final int BODY_BYTES = 1536;
  private static final int STRUCTURE_BYTES = 512;

  /** Reads the columns of an open version. */
  public static Snapshot of(Manifest manifest, Dataset dataset) throws Exception {
    Schema stored = dataset.getSchema();
    List<Field> fields = new ArrayList<>(StoredSchema.values(dataset, stored));
    List<int[]> sources = new ArrayList<>();
    for (int i = 0; i < stored.getFields().size(); i++) {
      sources.add(new int[] {i});
    }
    int body = find(stored, FINGERPRINT, BODY_BYTES);
    int structure = find(stored, STRUCTURE, STRUCTURE_BYTES);
    if (body >= 0 && structure >= 0 && stored.getFields().stream().noneMatch(Snapshot::isBody)) {
      boolean nullable = fields.get(body).isNullable() || fields.get(structure).isNullable();
      // The parts may be left out of an INSERT, whatever their own fields say of NULL.
      fields.add(new Field(BODY, FieldType.nullable(fields.get(body).getType()), List.of()));
      fields.set(
          structure,
          new Field(STRUCTURE, FieldType.nullable(fields.get(structure).getType()), List.of()));
      sources.add(new int[] {body});
      fields.set(
          body,
          new Field(
              FINGERPRINT,
              new FieldType(
                  nullable, new ArrowType.FixedSizeBinary(BODY_BYTES + STRUCTURE_BYTES), null),
              List.of()));
      sources.set(body, new int[] {body, structure});
    }
    return new Snapshot(manifest, stored, new Schema(fields), sources, dataset.countRows());
  }

  private static boolean isBody(Field field) {
    return field.getName().equals(BODY);
  }

  /** Position of the fixed-width binary column of the given name and width, or -1. */
  private static int find(Schema schema, String name, int width) {
    for (int i = 0; i < schema.getFields().size(); i++) {
      Field field = schema.getFields().get(i);
      if (field.getName().equals(name)
          && field.getType() instanceof ArrowType.FixedSizeBinary type
          && type.getByteWidth() == width) {
        return i;
      }
    }
    return -1;
  }

  /** SQL's column that joins the stored one with another, or -1 if none does. */
  public int whole(int source) {
    for (int column = 0; column < sources.size(); column++) {
      int[] pair = sources.get(column);
      if (pair.length == 2 && (pair[0] == source || pair[1] == source)) {
        return column;
      }
    }
    return -1;
  }

  /** SQL's column that shows the stored one alone. */
  public int column(int source) {
    for (int column = 0; column < sources.size(); column++) {
      int[] from = sources.get(column);
      if (from.length == 1 && from[0] == source) {
        return column;
      }
    }
    throw new IllegalStateException("stored column " + source + " is no column of SQL's");
  }

  /** Whether SQL's column shows part of what another one shows. */
  public boolean isPart(int column) {
    int[] from = sources.get(column);
    return from.length == 1 && whole(from[0]) >= 0;
  }

  /**
   * The same version with some of Lance's own columns after SQL's.
   *
   * @param names names of {@link #LANCE_COLUMNS}
   */
  public Snapshot with(List<String> names) {
    List<Field> fields = new ArrayList<>(schema.getFields());
    List<int[]> extended = new ArrayList<>(sources);
    for (String name : names) {
      fields.add(Field.notNullable(name, new ArrowType.Int(64, true)));
      extended.add(new int[] {-1 - LANCE_COLUMNS.indexOf(name)});
    }
    return new Snapshot(manifest, stored, new Schema(fields), extended, rows);
  }

  /**
   * Whether Lance may filter scans, whatever columns they return: those that must be taken can be
   * asked for by name, and so can the others beside them.
   */
  public boolean canFilter() {
    return stored.getFields().stream().noneMatch(TakenColumns::isNeeded)
        || stored.getFields().stream().allMatch(f -> Projection.isAddressable(f.getName()));
  }

  /** The primary key, or null if none is declared. */
  public @Nullable PrimaryKey primaryKey() {
    return PrimaryKey.of(stored.getFields());
  }

  /** Name by which Lance knows what one of the {@link #sources} numbers. */
  public String name(int source) {
    return source < 0 ? LANCE_COLUMNS.get(-1 - source) : stored.getFields().get(source).getName();
  }

  /** Bytes per value if SQL's column is fixed-width binary, else -1. */
  public int width(int column) {
    return schema.getFields().get(column).getType() instanceof ArrowType.FixedSizeBinary type
        ? type.getByteWidth()
        : -1;
  }
}
