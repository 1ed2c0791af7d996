package org.bindsql.benchmarks.peers;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.bitvectors.FlatBitVectorsScorer;
import org.apache.lucene.codecs.bitvectors.HnswBitVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Lucene's codec with bit vectors of 2,048 bytes; Lucene itself stops at 1,024. */
public abstract class BitCodec extends FilterCodec {
  private final KnnVectorsFormat vectors;

  private BitCodec(String name, KnnVectorsFormat vectors) {
    super(name, new Lucene104Codec());
    this.vectors = new Wide(vectors);
  }

  /** With or without a graph. */
  static Codec of(boolean graph) {
    return graph ? new Graph() : new Flat();
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return vectors;
  }

  /** Vectors only. */
  public static final class Flat extends BitCodec {
    /** For Lucene's registry. */
    public Flat() {
      super("FlatBits", new Lucene99FlatVectorsFormat(new FlatBitVectorsScorer()));
    }
  }

  /** Vectors with an HNSW graph of 16 links, built with a beam of 100. */
  public static final class Graph extends BitCodec {
    /** For Lucene's registry. */
    public Graph() {
      super("GraphBits", new HnswBitVectorsFormat());
    }
  }

  private static final class Wide extends KnnVectorsFormat {
    private final KnnVectorsFormat format;

    Wide(KnnVectorsFormat format) {
      super(format.getName());
      this.format = format;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return format.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return format.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
      return DataSet.WIDTH;
    }
  }
}
