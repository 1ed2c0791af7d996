package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.cascade.CandidateBlock;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints, or a fixed part of them, of a node table in one image; row keys are addresses.
 * Whole fingerprints are searched where they lie, parts are copied a chunk at a time.
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
    return split(ChunkPartition::new);
  }

  @Override
  public List<Candidates> candidates() {
    return split(ChunkCandidates::new);
  }

  private <P> List<P> split(Function<Iterator<Chunk>, P> create) {
    List<Chunk> chunks = rows.chunks(snapshot);
    List<P> partitions = new ArrayList<>();
    for (int from = 0; from < chunks.size(); from += CHUNKS_PER_PARTITION) {
      int to = Math.min(from + CHUNKS_PER_PARTITION, chunks.size());
      partitions.add(create.apply(chunks.subList(from, to).iterator()));
    }
    return partitions;
  }

  @Override
  public Residence residence() {
    return codeColumn == NodeColumn.FINGERPRINT ? Residence.MEMORY : Residence.STREAM;
  }

  @Override
  public @Nullable ResidentColumn resident() {
    return residence() == Residence.MEMORY ? ResidentColumn.of(width, segments()) : null;
  }

  @Override
  public String whereFound() {
    return codeColumn == NodeColumn.FINGERPRINT
        ? "resident"
        : "streamed (only column fingerprint is searched where it lies)";
  }

  /** The image's chunks; the reader's snapshot holds them. */
  private List<ResidentColumn.Rows> segments() {
    List<ResidentColumn.Rows> segments = new ArrayList<>();
    for (Chunk chunk : rows.chunks(snapshot)) {
      Selection selection = rows.selection(chunk);
      if (!selection.isEmpty()) {
        long first = Addresses.of(chunk.prefix, 0);
        segments.add(new ResidentColumn.Rows(chunk.codes.segment(), selection, first, null));
      }
    }
    return segments;
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

  /** Chunks with their rows, and vectors that live until the next chunk. */
  private abstract class Chunks {
    private final Iterator<Chunk> chunks;
    private List<FieldVector> vectors = List.of();

    Chunks(Iterator<Chunk> chunks) {
      this.chunks = chunks;
    }

    /** The next chunk that has rows, or null at the end. */
    @Nullable Chunk nextChunk() {
      releaseVectors();
      while (chunks.hasNext()) {
        Chunk chunk = chunks.next();
        if (rows.slots(chunk).length > 0) {
          return chunk;
        }
      }
      return null;
    }

    /** A batch over all slots of the chunk, of which its rows are active. */
    Batch batch(Chunk chunk) {
      vectors = builder.range(columns, chunk, 0, Addresses.SLOTS, rows.slots(chunk));
      return new Batch(vectors, Addresses.SLOTS, rows.selection(chunk));
    }

    private void releaseVectors() {
      vectors.forEach(FieldVector::close);
      vectors = List.of();
    }

    public void close() {
      releaseVectors();
    }
  }

  private final class ChunkCandidates extends Chunks implements Candidates {
    ChunkCandidates(Iterator<Chunk> chunks) {
      super(chunks);
    }

    @Override
    public @Nullable CandidateBlock next() {
      Chunk chunk = nextChunk();
      return chunk == null
          ? null
          : new CandidateBlock(batch(chunk), Addresses.of(chunk.prefix, 0), null);
    }
  }

  private final class ChunkPartition extends Chunks implements Partition {
    private @Nullable ArrowBuf copy;

    ChunkPartition(Iterator<Chunk> chunks) {
      super(chunks);
    }

    @Override
    public @Nullable CodeBlock next() {
      Chunk chunk = nextChunk();
      if (chunk == null) {
        return null;
      }
      Codes codes = codeColumn == NodeColumn.FINGERPRINT ? chunk.codes.codes() : copyParts(chunk);
      return new CodeBlock(codes, batch(chunk), null, Addresses.of(chunk.prefix, 0), null);
    }

    private Codes copyParts(Chunk chunk) {
      ArrowBuf memory = copy;
      if (memory == null) {
        memory = context.allocator().buffer((long) Addresses.SLOTS * width);
        memory.setZero(0, memory.capacity());
        copy = memory;
      }
      MemorySegment target =
          MemorySegment.ofAddress(memory.memoryAddress())
              .reinterpret((long) Addresses.SLOTS * width);
      int offset = codeColumn == NodeColumn.STRUCTURE ? CodeBuffer.WIDTH - width : 0;
      for (int slot : rows.slots(chunk)) {
        chunk.codes.codes().read(slot, offset, width, target, (long) slot * width);
      }
      return Codes.rowMajor(target, width, Addresses.SLOTS);
    }

    @Override
    public void close() {
      super.close();
      if (copy != null) {
        copy.close();
        copy = null;
      }
    }
  }
}
