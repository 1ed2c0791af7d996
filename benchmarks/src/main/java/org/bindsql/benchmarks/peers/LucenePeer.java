package org.bindsql.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene: the scorer of its bit vectors over a memory-mapped index of one segment, whose documents
 * have the rows' ids; and its HNSW graph where building one takes minutes at most.
 */
final class LucenePeer implements Peer {
  private static final String GRAPH = "HNSW, k' = ";

  private final Path folder;
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private boolean graph;
  private DirectoryReader reader;

  @SuppressWarnings("NullAway.Init") // the reader is opened by load
  LucenePeer(Path folder) {
    this.folder = folder;
  }

  @Override
  public String version() {
    return "Lucene " + Version.LATEST;
  }

  @Override
  public double load(DataSet set, boolean graphs) throws IOException {
    graph = graphs;
    IndexWriterConfig config =
        new IndexWriterConfig().setCodec(BitCodec.of(graph)).setRAMBufferSizeMB(512);
    try (MMapDirectory directory = new MMapDirectory(folder)) {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int row = 0; row < set.rows; row++) {
          Document document = new Document();
          document.add(new IntField("bucket", set.bucket(row), Field.Store.NO));
          document.add(
              new KnnByteVectorField("fp", set.code(row), VectorSimilarityFunction.EUCLIDEAN));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
    }
    reader = DirectoryReader.open(new MMapDirectory(folder));
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum() / (double) set.rows;
    }
  }

  @Override
  public List<String> modes() {
    return graph
        ? List.of("exact, scorer", GRAPH + 10, GRAPH + 64, GRAPH + 256)
        : List.of("exact, scorer");
  }

  @Override
  public Search search(String mode, int threads, int perMille) throws Exception {
    IndexSearcher searcher = new IndexSearcher(reader);
    Query filter =
        perMille == 1000
            ? MatchAllDocsQuery.INSTANCE
            : IntField.newRangeQuery("bucket", 0, perMille - 1);
    if (mode.startsWith(GRAPH)) {
      if (threads > 1) {
        throw new UnsupportedOperationException("one thread per segment");
      }
      int wanted = Integer.parseInt(mode.substring(GRAPH.length()));
      return query -> {
        TopDocs top =
            searcher.search(
                new KnnByteVectorQuery("fp", query, wanted, perMille == 1000 ? null : filter),
                DataSet.K);
        return ids(top.scoreDocs);
      };
    }
    LeafReaderContext leaf = reader.leaves().getFirst();
    int rows = reader.maxDoc();
    return query -> {
      if (threads == 1) {
        return ids(exact(searcher, leaf, query, filter, 0, rows));
      }
      List<Callable<ScoreDoc[]>> halves =
          List.of(
              () -> exact(searcher, leaf, query, filter, 0, rows / 2),
              () -> exact(searcher, leaf, query, filter, rows / 2, rows));
      TopDocs[] tops = new TopDocs[2];
      int at = 0;
      for (var half : pool.invokeAll(halves)) {
        ScoreDoc[] found = half.get();
        tops[at++] =
            new TopDocs(
                new org.apache.lucene.search.TotalHits(
                    found.length, org.apache.lucene.search.TotalHits.Relation.EQUAL_TO),
                found);
      }
      return ids(TopDocs.merge(DataSet.K, tops).scoreDocs);
    };
  }

  /** The ten best of some documents, best first, those of equal score by their number. */
  private static ScoreDoc[] exact(
      IndexSearcher searcher, LeafReaderContext leaf, byte[] query, Query filter, int from, int to)
      throws IOException {
    var values = leaf.reader().getByteVectorValues("fp");
    VectorScorer scorer = values.scorer(query);
    DocIdSetIterator vectors = scorer.iterator();
    DocIdSetIterator passing = null;
    if (!(filter instanceof MatchAllDocsQuery)) {
      Scorer documents =
          searcher
              .createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1)
              .scorer(leaf);
      if (documents == null) {
        return new ScoreDoc[0];
      }
      passing = documents.iterator();
    }
    ScoreDoc[] best = new ScoreDoc[DataSet.K];
    int count = 0;
    int document = passing == null ? vectors.advance(from) : passing.advance(from);
    while (document < to) {
      if (passing != null) {
        vectors.advance(document);
      }
      float score = scorer.score();
      if (count < DataSet.K || score > best[count - 1].score) {
        int at = count < DataSet.K ? count++ : count - 1;
        while (at > 0 && best[at - 1].score < score) {
          best[at] = best[at - 1];
          at--;
        }
        best[at] = new ScoreDoc(document, score);
      }
      document = passing == null ? vectors.nextDoc() : passing.nextDoc();
    }
    return Arrays.copyOf(best, count);
  }

  private static int[] ids(ScoreDoc[] documents) {
    return Arrays.stream(documents).mapToInt(document -> document.doc).toArray();
  }

  @Override
  public void close() throws IOException {
    pool.shutdown();
    reader.close();
  }
}
