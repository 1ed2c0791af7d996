package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.error.BindSqlException;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.scan.LanceFetch;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.lance.scan.RowCounter;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Fragment;
import org.lance.FragmentMetadata;

/**
 * One version's fingerprint column. Row keys are the rows' positions among the live rows, so they
 * ascend in scan order and Lance can take rows by them.
 */
public final class LanceCodes implements CodeReader {
  /** Partitions per thread, so that threads with quick ones find more to do. */
  private static final int PARTITIONS_PER_THREAD = 4;

  /** Fewer rows are not worth a scanner of their own. */
  private static final long LEAST_ROWS = 8192;

  private final String doing;
  private final LanceSession.Lease lease;
  private final Snapshot snapshot;
  private final int codeColumn;
  private final int[] columns;
  private final @Nullable String filter;
  private final ExecutionContext context;
  private final ResidentColumns columnsInMemory;
  private String whereFound = "streamed";

  /** Creates a source; it opens nothing yet. */
  public LanceCodes(
      String doing,
      LanceSession.Lease lease,
      Snapshot snapshot,
      int codeColumn,
      int[] columns,
      @Nullable String filter,
      ResidentColumns columnsInMemory,
      ExecutionContext context) {
    this.doing = doing;
    this.lease = lease;
    this.snapshot = snapshot;
    this.codeColumn = codeColumn;
    this.columns = columns;
    this.filter = filter;
    this.columnsInMemory = columnsInMemory;
    this.context = context;
  }

  @Override
  public int width() {
    return snapshot.width(codeColumn);
  }

  @Override
  public Residence residence() {
    try {
      return columnsInMemory.residence(source(codeColumn), filter != null, context.recall() < 1);
    } catch (BindSqlException e) {
      throw lease.failure(doing, e);
    }
  }

  @Override
  public @Nullable ResidentColumn resident() {
    try {
      ResidentColumns.Opened opened =
          columnsInMemory.open(source(codeColumn), filter != null, context.recall() < 1);
      whereFound = opened.whereFound();
      return opened.column();
    } catch (BindSqlException e) {
      throw lease.failure(doing, e);
    }
  }

  @Override
  public String whereFound() {
    return whereFound;
  }

  private ColumnSource source(int column) {
    return new ColumnSource(doing, lease.dataset(), lease.version(), snapshot, column, context);
  }

  @Override
  public List<Candidates> candidates() {
    return split(this::candidates);
  }

  @Override
  public List<Partition> partitions() {
    return split(this::partition);
  }

  /** Makes a part of what is read: some fragments, or some rows of one. */
  private interface Part<T> {
    T of(LanceScan.Request request, long firstKey);
  }

  private <T> List<T> split(Part<T> part) {
    try {
      return split(lease.dataset().getFragments(), part);
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }

  private <T> List<T> split(List<Fragment> fragments, Part<T> part) {
    long total = 0;
    for (Fragment fragment : fragments) {
      total += fragment.metadata().getNumRows();
    }
    // Old datasets do not say how many rows a fragment has; then Lance numbers the rows.
    boolean counted = total == lease.dataset().countRows();
    long wanted =
        Math.max(LEAST_ROWS, total / ((long) PARTITIONS_PER_THREAD * context.threads()) + 1);
    List<T> parts = new ArrayList<>();
    List<Integer> group = new ArrayList<>();
    long firstOfGroup = 0;
    long first = 0;
    for (Fragment fragment : fragments) {
      FragmentMetadata metadata = fragment.metadata();
      long rows = metadata.getNumRows();
      if (counted && filter == null && rows > 2 * wanted) {
        if (!group.isEmpty()) {
          parts.add(part(part, group, 0, -1, firstOfGroup, counted));
          group = new ArrayList<>();
        }
        for (long from = 0; from < rows; from += wanted) {
          long count = Math.min(wanted, rows - from);
          parts.add(part(part, List.of(metadata.getId()), from, count, first + from, counted));
        }
        first += rows;
        firstOfGroup = first;
        continue;
      }
      group.add(metadata.getId());
      first += rows;
      if (first - firstOfGroup >= wanted) {
        parts.add(part(part, group, 0, -1, firstOfGroup, counted));
        group = new ArrayList<>();
        firstOfGroup = first;
      }
    }
    if (!group.isEmpty()) {
      parts.add(part(part, group, 0, -1, firstOfGroup, counted));
    }
    return parts;
  }

  private <T> T part(
      Part<T> part,
      List<Integer> fragments,
      long offset,
      long limit,
      long firstKey,
      boolean counted) {
    LanceScan.Request request =
        new LanceScan.Request(
            filter, limit, offset, List.copyOf(fragments), filter != null || !counted);
    return part.of(request, firstKey);
  }

  private Partition partition(LanceScan.Request request, long firstKey) {
    // The fingerprints come last: a block's columns must hold the others at their positions.
    int[] all = Arrays.copyOf(columns, columns.length + 1);
    all[columns.length] = codeColumn;
    return new LancePartition(rows(all, request, firstKey));
  }

  private Candidates candidates(LanceScan.Request request, long firstKey) {
    return rows(columns, request, firstKey);
  }

  private LanceCandidates rows(int[] wanted, LanceScan.Request request, long firstKey) {
    return new LanceCandidates(
        doing, lease, new Projection(snapshot, wanted), request, firstKey, context);
  }

  @Override
  public boolean canFetch(int[] wanted) {
    return new Projection(snapshot, wanted).isAddressable();
  }

  @Override
  public BatchReader fetch(long[] rowKeys, int[] wanted) {
    if (wanted.length == 0) {
      return new RowCounter(rowKeys.length, context);
    }
    BatchReader held = held(rowKeys, wanted);
    return held != null
        ? held
        : new LanceFetch(
            doing,
            () -> {}, // the codes, which outlive it, own the dataset
            lease,
            new Projection(snapshot, wanted),
            rowKeys,
            context);
  }

  /** The columns from memory, or null; what is held of fingerprints is for searches alone. */
  private @Nullable BatchReader held(long[] rowKeys, int[] wanted) {
    if (Arrays.stream(wanted).anyMatch(column -> column == codeColumn)) {
      return null;
    }
    try {
      return columnsInMemory.rows(
          Arrays.stream(wanted).mapToObj(this::source).toList(), rowKeys, context);
    } catch (BindSqlException e) {
      throw lease.failure(doing, e);
    }
  }

  @Override
  public void close() {
    lease.close();
  }
}
