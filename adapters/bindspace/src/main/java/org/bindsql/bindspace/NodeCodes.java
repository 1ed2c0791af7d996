package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints, or a fixed part of them, of a node table in one image; row keys are addresses.
 * Whole fingerprints are read where they lie, parts are copied a chunk at a time.
 */
final class NodeCodes implements CodeReader {
  private static final int CHUNKS_PER_PARTITION = 4;

  private final Snapshot snapshot;
  private final NodeRows rows;
  private final NodeColumn codeColumn;
  private final int width;
  private final List<NodeColumn> columns;
  private final List<NodeColumn> tableColumns;
  private final NodeVectors builder;
  private final ExecutionContext context;

  NodeCodes(
      Snapshot snapshot,
      NodeRows rows,
      NodeColumn codeColumn,
      int width,
      List<NodeColumn> columns,
      List<NodeColumn> tableColumns,
      NodeVectors builder,
      ExecutionContext context) {
    this.snapshot = snapshot;
    this.rows = rows;
    this.codeColumn = codeColumn;
    this.width = width;
    this.columns = columns;
    this.tableColumns = tableColumns;
    this.builder = builder;
    this.context = context;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<Partition> partitions() {
    List<Chunk> chunks = rows.chunks(snapshot);
    List<Partition> partitions = new ArrayList<>();
    for (int from = 0; from < chunks.size(); from += CHUNKS_PER_PARTITION) {
      int to = Math.min(from + CHUNKS_PER_PARTITION, chunks.size());
      partitions.add(new ChunkPartition(chunks.subList(from, to).iterator()));
    }
    return partitions;
  }

  @Override
  public BatchReader fetch(long[] rowKeys, int[] fetched) {
    List<NodeColumn> wanted = NodeTable.columns(tableColumns, fetched);
    return new BatchReader() {
      private int at;
      private List<FieldVector> vectors = List.of();

      @Override
      public @Nullable Batch next() {
        close();
        if (at == rowKeys.length) {
          return null;
        }
        int to = Math.min(at + context.batchSize(), rowKeys.length);
        vectors = builder.gather(wanted, rowKeys, at, to);
        Batch batch = Batch.of(vectors, to - at);
        at = to;
        return batch;
      }

      @Override
      public void close() {
        vectors.forEach(FieldVector::close);
        vectors = List.of();
      }
    };
  }

  @Override
  public void close() {
    snapshot.close();
  }

  private final class ChunkPartition implements Partition {
    private final Iterator<Chunk> chunks;
    private List<FieldVector> vectors = List.of();
    private @Nullable ArrowBuf copy;

    ChunkPartition(Iterator<Chunk> chunks) {
      this.chunks = chunks;
    }

    @Override
    public @Nullable CodeBlock next() {
      releaseVectors();
      while (chunks.hasNext()) {
        Chunk chunk = chunks.next();
        int[] slots = rows.slots(chunk);
        if (slots.length > 0) {
          return block(chunk, slots);
        }
      }
      return null;
    }

    private CodeBlock block(Chunk chunk, int[] slots) {
      int from = slots[0];
      int to = slots[slots.length - 1] + 1;
      vectors = builder.range(columns, chunk, from, to, slots);
      Batch batch = NodeRows.batch(vectors, slots);
      MemorySegment codes =
          codeColumn == NodeColumn.FINGERPRINT
              ? chunk.codes.segment().asSlice((long) from * width, (long) (to - from) * width)
              : copyParts(chunk, from, to);
      return new CodeBlock(
          Codes.rowMajor(codes, width, to - from),
          batch,
          null,
          Addresses.of(chunk.prefix, from),
          null);
    }

    private MemorySegment copyParts(Chunk chunk, int from, int to) {
      if (copy == null) {
        copy = context.allocator().buffer((long) Addresses.SLOTS * width);
      }
      int offset = codeColumn == NodeColumn.STRUCTURE ? CodeBuffer.WIDTH - width : 0;
      for (int slot = from; slot < to; slot++) {
        long source = (long) slot * CodeBuffer.WIDTH + offset;
        copy.setBytes((long) (slot - from) * width, chunk.codes.memory(), source, width);
      }
      return MemorySegment.ofAddress(copy.memoryAddress()).reinterpret((long) (to - from) * width);
    }

    private void releaseVectors() {
      vectors.forEach(FieldVector::close);
      vectors = List.of();
    }

    @Override
    public void close() {
      releaseVectors();
      if (copy != null) {
        copy.close();
        copy = null;
      }
    }
  }
}
