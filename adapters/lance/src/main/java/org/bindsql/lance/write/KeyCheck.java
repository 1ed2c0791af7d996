package org.bindsql.lance.write;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.PrimaryKey;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.filter.FilterColumn;
import org.bindsql.lance.filter.FilterText;
import org.bindsql.lance.filter.LanceFilter;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.roaringbitmap.RoaringBitmap;

/**
 * The check of what a statement writes against an enforced primary key: no key twice, no key of a
 * row that stays. NULL is none of its business, since Lance wants the columns of a key to be NOT
 * NULL.
 *
 * <p>Few keys are looked up by value, so that an index helps; for many, all keys of the table are
 * read. Memory is that of a {@link KeySet} of the keys written.
 */
final class KeyCheck implements AutoCloseable {
  /** Keys that are looked up by value. */
  private static final int MAX_LOOKUPS = 10_000;

  /** Characters of values of one key column in a lookup. */
  private static final int MAX_TEXT = 1 << 20;

  private final String table;
  private final Snapshot snapshot;
  private final PrimaryKey key;
  private final ExecutionContext context;
  private final KeyHash hash = new KeyHash();
  private final KeySet written;
  private final List<Lookup> lookups = new ArrayList<>();

  /** The values of one key column, as long as they can be looked up. */
  private static final class Lookup {
    final FilterColumn column;
    final Set<String> literals = new HashSet<>();
    int text;

    Lookup(FilterColumn column) {
      this.column = column;
    }

    boolean add(@Nullable Object value) {
      String literal = value == null ? null : column.literal(value);
      if (literal == null || literals.size() == MAX_LOOKUPS) {
        return false;
      }
      if (literals.add(literal)) {
        text += literal.length();
      }
      return text <= MAX_TEXT;
    }

    FilterText filter() {
      return FilterText.term(column.name() + " IN (" + String.join(", ", literals) + ")");
    }
  }

  KeyCheck(String table, Snapshot snapshot, PrimaryKey key, ExecutionContext context) {
    this.table = table;
    this.snapshot = snapshot;
    this.key = key;
    this.context = context;
    this.written = new KeySet(context.allocator());
    for (int source : key.sources()) {
      FilterColumn column = LanceFilter.column(snapshot, snapshot.column(source));
      if (column != null) {
        lookups.add(new Lookup(column));
      }
    }
    if (lookups.size() < key.sources().size()) {
      lookups.clear();
    }
  }

  /**
   * Notes the keys of a batch of stored columns that is being written.
   *
   * @throws BindSqlException DUPLICATE_KEY if the statement wrote the key before
   */
  void add(VectorSchemaRoot batch, Map<Long, Dictionary> dictionaries) {
    List<FieldVector> decoded = new ArrayList<>();
    try {
      List<FieldVector> vectors = new ArrayList<>();
      for (int source : key.sources()) {
        FieldVector vector = batch.getVector(source);
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
          Dictionary dictionary = Objects.requireNonNull(dictionaries.get(encoding.getId()));
          vector = (FieldVector) DictionaryEncoder.decode(vector, dictionary, context.allocator());
          decoded.add(vector);
        }
        vectors.add(vector);
      }
      add(vectors, batch.getRowCount());
    } finally {
      decoded.forEach(FieldVector::close);
    }
  }

  private void add(List<FieldVector> vectors, int rows) {
    List<CellReader> readers = vectors.stream().map(CellReader::of).toList();
    for (int row = 0; row < rows; row++) {
      hash.of(vectors, row);
      if (!written.add(hash.high(), hash.low())) {
        throw duplicate(vectors, row, "comes twice in the statement");
      }
      for (int i = 0; i < lookups.size(); i++) {
        if (!lookups.get(i).add(readers.get(i).get(row))) {
          lookups.clear();
        }
      }
    }
  }

  /**
   * Checks the keys written against the rows of a version that stay.
   *
   * @param gone offsets of the rows that do not stay, by fragment
   * @throws BindSqlException DUPLICATE_KEY
   */
  void check(Dataset dataset, SortedMap<Integer, RoaringBitmap> gone) {
    if (written.size() == 0) {
      return;
    }
    int[] columns = new int[key.sources().size() + 1];
    for (int i = 0; i < key.sources().size(); i++) {
      columns[i] = snapshot.column(key.sources().get(i));
    }
    columns[key.sources().size()] = snapshot.schema().getFields().size();
    Projection projection = new Projection(snapshot.with(List.of(GoneRows.ROW_ADDRESS)), columns);
    List<FilterText> filters = lookups.stream().map(Lookup::filter).toList();
    String filter = filters.isEmpty() ? null : FilterText.join("AND", filters).text();
    String doing = "check of the primary key of table " + table;
    try (LanceScan rows =
        LanceScan.open(
            doing, () -> {}, dataset, projection, LanceScan.Request.of(filter, -1), context)) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        check(batch, gone);
      }
    }
  }

  private void check(Batch batch, SortedMap<Integer, RoaringBitmap> gone) {
    List<FieldVector> vectors = batch.columns().subList(0, key.sources().size());
    BigIntVector addresses = (BigIntVector) batch.columns().getLast();
    for (int row = 0; row < batch.rowCount(); row++) {
      hash.of(vectors, row);
      if (written.contains(hash.high(), hash.low())) {
        long address = addresses.get(row);
        RoaringBitmap offsets = gone.get((int) (address >>> Integer.SIZE));
        if (offsets == null || !offsets.contains((int) address)) {
          throw duplicate(vectors, row, "exists already");
        }
      }
    }
  }

  private BindSqlException duplicate(List<FieldVector> vectors, int row, String how) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      names.add(name(i));
      values.add(KeyHash.text(CellReader.of(vectors.get(i)).get(row)));
    }
    return new BindSqlException(
        ErrorCode.DUPLICATE_KEY,
        "duplicate key in table %s: (%s) = (%s) %s"
            .formatted(table, String.join(", ", names), String.join(", ", values), how));
  }

  private String name(int part) {
    int source = key.sources().get(part);
    int whole = snapshot.whole(source);
    Field field = snapshot.schema().getFields().get(whole < 0 ? snapshot.column(source) : whole);
    return field.getName();
  }

  @Override
  public void close() {
    written.close();
  }
}
