package org.bindsql.rel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CascadeWorker;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.HdrCascade;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.exec.SearchOrder;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Answer of a search: searches when the first batch is asked for, then reads the winners' columns.
 */
final class CascadeReader implements BatchReader {
  private final HdrCascadeRel rel;
  private final CascadeSearch search;
  private final FingerprintTable table;
  private final ExecutionContext context;
  private @Nullable CodeReader codes;
  private @Nullable BatchReader winners;
  private boolean done;

  CascadeReader(HdrCascadeRel rel, ExecutionContext context) {
    this.rel = rel;
    this.search = rel.search();
    this.table = rel.fingerprintTable();
    this.context = context;
    for (int column : search.columns()) {
      ArrowTypes.requireReadable(table.arrowSchema().getFields().get(column));
    }
  }

  @Override
  public @Nullable Batch next() {
    if (done) {
      return null;
    }
    if (winners == null) {
      winners = search();
    }
    Batch batch = winners == null ? null : winners.next();
    done = batch == null;
    return batch;
  }

  /** Runs the search; null if nothing can be found. */
  private @Nullable BatchReader search() {
    int width = search.width(table);
    byte[] query = query(width);
    long skipped = rel.rowsSkipped(context);
    long wanted = rel.rowsWanted(context);
    int radius = search.radius(width * 8, rel.constants(), context);
    if (query == null) {
      return search(request(null, wanted, radius), skipped, width);
    }
    try (ArrowBuf memory = context.allocator().buffer(width)) {
      memory.setBytes(0, query);
      MemorySegment segment = MemorySegment.ofAddress(memory.memoryAddress()).reinterpret(width);
      return search(request(segment, wanted, radius), skipped, width);
    }
  }

  private CascadeRequest request(@Nullable MemorySegment query, long wanted, int radius) {
    return new CascadeRequest(
        query, search.kind().mask(), wanted, radius, rel.nullRows(), context.recall());
  }

  private @Nullable BatchReader search(CascadeRequest request, long skipped, int width) {
    if (request.isEmpty()) {
      return null;
    }
    CodeReader reader =
        table.openCodes(search.column(), rel.remainder().columns(), search.filter(), context);
    codes = reader;
    CascadeResult resident = searchResident(request, reader);
    CascadeResult result = resident == null ? stream(request, reader) : resident;
    DistanceResponse response = rel.response();
    if (response != null && !response.isOfNearest(result, rel.constants(), context)) {
      report("sorted by response", 1);
      return ArrowRel.openProfiled(response.otherwise(), context);
    }
    CascadeResult ordered = rel.isByRowKey() ? HdrCascade.byRowKey(result) : result;
    int from = (int) Math.min(skipped, ordered.size());
    long[] keys = Arrays.copyOfRange(ordered.rowKeys(), from, ordered.size());
    int[] distances = Arrays.copyOfRange(ordered.distances(), from, ordered.size());
    if (keys.length == 0) {
      return null;
    }
    return new WinnersReader(
        search.columns().isEmpty() ? null : reader.fetch(keys, search.columns().toIntArray()),
        distances,
        search.kind() == DistanceKind.SIMILARITY ? width * 8 : 0,
        ArrowTypes.toArrow(HdrCascadeRel.DISTANCE_FIELD, search.distanceType()),
        context);
  }

  /**
   * Searches the column in memory; null if it is better streamed. It is not read into memory for a
   * few rows that pass a filter.
   */
  private @Nullable CascadeResult searchResident(CascadeRequest request, CodeReader reader) {
    PassingRows passing = null;
    if (search.isFiltered()
        && context.searchOrder() != SearchOrder.DISTANCE
        && reader.residence() == CodeReader.Residence.READ_FIRST
        && reader.canFetch(new int[] {search.column()})) {
      passing = PassingRows.find(rel.remainder(), reader, context);
      if (passing.keys().count() <= FewRows.SHARE * table.estimateRowCount()) {
        return new FewRows(rel, context).search(request, reader, passing);
      }
    }
    try (ResidentColumn column = reader.resident()) {
      CascadeResult result =
          column == null
              ? null
              : new ResidentRun(rel, context).search(request, reader, column, passing);
      Profile profile = context.profile();
      if (profile != null) {
        profile.note(
            rel.getId(),
            CascadeSearch.RESIDENCE,
            column != null && result == null
                ? "streamed (sketches leave too many rows)"
                : reader.whereFound());
      }
      return result;
    }
  }

  /** Searches the fingerprints as they stream by, once. */
  private CascadeResult stream(CascadeRequest request, CodeReader reader) {
    CascadeRun<CodeReader.Partition> run = new CascadeRun<>(reader.partitions(), context);
    HdrCascade cascade = new HdrCascade(request, HammingKernel.get());
    List<CascadeWorker> workers = Stream.generate(cascade::worker).limit(run.threads()).toList();
    List<BlockFilter> filters =
        Stream.generate(() -> rel.remainder().filter(context)).limit(run.threads()).toList();
    run.run(
        run.threads(),
        (i, partition) -> {
          for (CodeBlock block = partition.next();
              block != null && run.proceed();
              block = partition.next()) {
            workers.get(i).search(block, filters.get(i));
          }
        });
    Profile profile = context.profile();
    if (profile != null) {
      HdrCascade.counters(workers)
          .values()
          .forEach((counter, amount) -> profile.add(rel.getId(), counter, amount));
    }
    return cascade.merge(workers);
  }

  private void report(String counter, long amount) {
    Profile profile = context.profile();
    if (profile != null) {
      profile.add(rel.getId(), counter, amount);
    }
  }

  private byte @Nullable [] query(int width) {
    byte[] query = QueryValues.code(search.function(), search.query(), rel.constants(), context);
    if (query == null || query.length == width) {
      return query;
    }
    throw search.unfit(query.length, width);
  }

  @Override
  public void close() {
    done = true;
    try (CodeReader ignored = codes;
        BatchReader alsoIgnored = winners) {
      codes = null;
      winners = null;
    }
  }
}
