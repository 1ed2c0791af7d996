package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.cascade.CandidateBlock;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/** Some rows of a fingerprint column; the scan opens with the first block. */
final class LancePartition implements CodeReader.Partition {
  private final LanceCandidates rows;

  /**
   * Creates a partition.
   *
   * @param rows whose last column is the fingerprints; those before are of the blocks
   */
  LancePartition(LanceCandidates rows) {
    this.rows = rows;
  }

  @Override
  public @Nullable CodeBlock next() {
    CandidateBlock read = rows.next();
    if (read == null) {
      return null;
    }
    List<FieldVector> columns = read.columns().columns();
    FixedSizeBinaryVector codes = (FixedSizeBinaryVector) columns.getLast();
    int count = read.columns().rowCount();
    int width = codes.getByteWidth();
    return new CodeBlock(
        Codes.rowMajor(segment(codes.getDataBuffer(), (long) count * width), width, count),
        Batch.of(columns.subList(0, columns.size() - 1), count),
        codes.getNullCount() == 0 ? null : segment(codes.getValidityBuffer(), (count + 7) / 8),
        read.firstRowKey(),
        read.rowKeys());
  }

  /** Arrow's memory itself; it lives as long as the batch. */
  private static MemorySegment segment(ArrowBuf buffer, long bytes) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(bytes);
  }

  @Override
  public void close() {
    rows.close();
  }
}
