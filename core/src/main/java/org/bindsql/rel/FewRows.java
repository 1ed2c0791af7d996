package org.bindsql.rel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CascadeWorker;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.HdrCascade;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;

/**
 * Search of the few rows that pass a filter, whose fingerprints are taken by row key, so that the
 * column need not be read for them.
 */
final class FewRows {
  /**
   * Share of a table's rows up to which they are taken: a row by itself costs ten times what it
   * costs to read it with all others, so it takes a hundred searches until reading them all pays.
   */
  static final double SHARE = 0.001;

  private final HdrCascadeRel rel;
  private final ExecutionContext context;

  FewRows(HdrCascadeRel rel, ExecutionContext context) {
    this.rel = rel;
    this.context = context;
  }

  /**
   * Searches rows.
   *
   * @param passing the rows
   */
  CascadeResult search(CascadeRequest request, CodeReader reader, PassingRows passing) {
    HdrCascade cascade = new HdrCascade(request, HammingKernel.get());
    CascadeWorker worker = cascade.worker();
    long[] keys = passing.keys().sorted();
    int done = 0;
    try (BatchReader rows = reader.fetch(keys, new int[] {rel.search().column()})) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        int count = batch.rowCount();
        worker.search(block(batch, Arrays.copyOfRange(keys, done, done + count)), BlockFilter.NONE);
        done += count;
      }
    }
    Profile profile = context.profile();
    if (profile != null) {
      HdrCascade.counters(List.of(worker))
          .values()
          .forEach((counter, amount) -> profile.add(rel.getId(), counter, amount));
      profile.add(rel.getId(), "candidates", passing.offered() - keys.length);
      profile.add(rel.getId(), "rejected by predicate", passing.offered() - keys.length);
      profile.note(rel.getId(), CascadeSearch.RESIDENCE, "fetched (few rows pass the filter)");
      profile.add(rel.getId(), "fetched", keys.length);
    }
    return cascade.merge(List.of(worker));
  }

  private static CodeBlock block(Batch batch, long[] keys) {
    FixedSizeBinaryVector codes = (FixedSizeBinaryVector) batch.column(0);
    int count = batch.rowCount();
    int width = codes.getByteWidth();
    return new CodeBlock(
        Codes.rowMajor(segment(codes.getDataBuffer(), (long) count * width), width, count),
        Batch.of(List.of(), count),
        codes.getNullCount() == 0 ? null : segment(codes.getValidityBuffer(), (count + 7) / 8),
        0,
        keys);
  }

  /** Arrow's memory itself; it lives as long as the batch. */
  private static MemorySegment segment(ArrowBuf buffer, long bytes) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(bytes);
  }
}
