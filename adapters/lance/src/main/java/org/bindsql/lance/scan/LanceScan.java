package org.bindsql.lance.scan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.exec.CountingReader;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.TakenColumns;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.jni.LanceErrors.Translation;
import org.bindsql.lance.jni.PlanningThread;
import org.bindsql.vector.Batch;
import org.bindsql.vector.ImportedMemory;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** Reader of some columns of one version of a dataset, in row order. */
public final class LanceScan implements CountingReader {
  /** Lance's pseudo column: position of a row among the live rows of the version. */
  private static final String ROW_OFFSET = "_rowoffset";

  private final String doing;
  private final AutoCloseable owned;
  private final Dataset dataset;
  private final Translation translation;
  private final Request request;
  private final ExecutionContext context;
  private final Projection projection;
  private final LanceScanner scanner;
  private final ArrowReader reader;
  private final ImportedMemory memory;
  private final @Nullable TakenColumns taken;
  private boolean closed;

  private LanceScan(
      String doing,
      AutoCloseable owned,
      Dataset dataset,
      Translation translation,
      Request request,
      ExecutionContext context,
      Projection projection,
      LanceScanner scanner,
      ArrowReader reader,
      ImportedMemory memory,
      @Nullable TakenColumns taken) {
    this.doing = doing;
    this.owned = owned;
    this.dataset = dataset;
    this.translation = translation;
    this.request = request;
    this.context = context;
    this.projection = projection;
    this.scanner = scanner;
    this.reader = reader;
    this.memory = memory;
    this.taken = taken;
  }

  /**
   * What Lance is asked for.
   *
   * @param filter Lance's filter language, or null
   * @param limit greatest number of rows, or -1
   * @param offset rows to leave out before the first; only without filter
   * @param fragments the fragments to read, in this order; empty for all
   * @param rowOffsets whether {@link #rowOffset} is wanted
   */
  public record Request(
      @Nullable String filter,
      long limit,
      long offset,
      List<Integer> fragments,
      boolean rowOffsets) {

    /** All fragments, in order. */
    public static Request of(@Nullable String filter, long limit) {
      return new Request(filter, limit, 0, List.of(), false);
    }

    /** Names of the stored columns that are taken. */
    private List<String> taken(Projection projection) {
      return filter == null ? List.of() : projection.takenNames();
    }

    private ScanOptions options(Projection projection, int batchSize) {
      ScanOptions.Builder options = new ScanOptions.Builder().batchSize(batchSize);
      List<String> taken = taken(projection);
      boolean numbered = rowOffsets || !taken.isEmpty();
      if (projection.isAddressable()) {
        List<String> names = new ArrayList<>(projection.names());
        names.removeAll(taken);
        if (numbered && !names.contains(ROW_OFFSET)) {
          names.add(ROW_OFFSET);
        }
        options.columns(names);
      } else if (numbered) {
        projection.requireAddressable();
      }
      if (filter != null) {
        options.filter(filter);
      }
      if (limit >= 0) {
        options.limit(limit);
      }
      if (offset > 0) {
        options.offset(offset);
      }
      if (!fragments.isEmpty()) {
        options.fragmentIds(fragments);
      }
      return options.build();
    }
  }

  /**
   * Opens a reader of a version whose table may be dropped meanwhile.
   *
   * @param owned closed after the reader, or when opening fails
   */
  public static LanceScan open(
      String doing,
      AutoCloseable owned,
      LanceSession.Lease lease,
      Projection projection,
      Request request,
      ExecutionContext context) {
    return open(doing, owned, lease.dataset(), lease::failure, projection, request, context);
  }

  /** As the other, of a version that is known to stay. */
  public static LanceScan open(
      String doing,
      AutoCloseable owned,
      Dataset dataset,
      Projection projection,
      Request request,
      ExecutionContext context) {
    return open(doing, owned, dataset, LanceErrors::translate, projection, request, context);
  }

  private static LanceScan open(
      String doing,
      AutoCloseable owned,
      Dataset dataset,
      Translation translation,
      Projection projection,
      Request request,
      ExecutionContext context) {
    try {
      int batchRows = projection.batchRows(context.batchSize());
      ScanOptions options = request.options(projection, batchRows);
      List<String> names = request.taken(projection);
      TakenColumns taken = names.isEmpty() ? null : new TakenColumns(dataset, names, context);
      return PlanningThread.call(
          doing,
          () -> {
            ImportedMemory memory = new ImportedMemory(context.allocator());
            LanceScanner scanner = LanceScanner.create(dataset, options, memory.allocator());
            try {
              ArrowReader reader = scanner.scanBatches();
              return new LanceScan(
                  doing,
                  owned,
                  dataset,
                  translation,
                  request,
                  context,
                  projection,
                  scanner,
                  reader,
                  memory,
                  taken);
            } catch (RuntimeException | Error e) {
              scanner.close();
              throw e;
            }
          });
    } catch (RuntimeException | Error e) {
      try (owned) {
        throw translation.of(doing, e);
      } catch (RuntimeException translated) {
        throw translated;
      } catch (Exception closing) {
        throw LanceErrors.translate(doing, closing);
      }
    }
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    try {
      while (memory.loadNextBatch(reader)) {
        int rows = reader.getVectorSchemaRoot().getRowCount();
        if (rows > 0) {
          ArrowReader late = taken == null ? null : taken.take(rowOffsets());
          return Batch.of(projection.vectors(reader, late, context.allocator()), rows);
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      throw translation.of(doing, e);
    }
  }

  /**
   * Positions of the current batch's rows among the version's live rows, if they were asked for.
   */
  public long[] rowOffsets() {
    try {
      FieldVector vector = reader.getVectorSchemaRoot().getVector(ROW_OFFSET);
      UInt8Vector offsets = (UInt8Vector) vector;
      long[] result = new long[offsets.getValueCount()];
      for (int i = 0; i < result.length; i++) {
        result[i] = offsets.get(i);
      }
      return result;
    } catch (IOException e) {
      throw LanceErrors.translate(doing, e);
    }
  }

  /** How many fragments Lance was given to read, of how many. */
  @Override
  public Map<String, Long> counters() {
    long all = PlanningThread.call(doing, () -> (long) dataset.getFragments().size());
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("fragments", request.fragments().isEmpty() ? all : request.fragments().size());
    counters.put("fragments in all", all);
    return counters;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Closed from the last to the first: each uses those before it.
    try (owned;
        scanner;
        reader;
        memory;
        taken;
        projection) {
      return;
    } catch (Exception e) {
      throw LanceErrors.translate(doing, e);
    }
  }
}
