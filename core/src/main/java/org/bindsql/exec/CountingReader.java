package org.bindsql.exec;

import java.util.Map;
import org.bindsql.vector.BatchReader;

/** Reader that has counters of its own for EXPLAIN ANALYZE, beside rows, batches and bytes. */
public interface CountingReader extends BatchReader {
  /** Counters by name; asked at most once, just before the reader is closed. */
  Map<String, Long> counters();
}
