package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Candidates of one segment that pass the levels together, few enough to stay in cache. */
final class Stripe {
  /**
   * Greatest number of candidates in a stripe. A slice of so many rows is 1 MB that streams: 1M
   * rows without neighbours take 57 ms, with stripes of 2,048 rows 60 (C 55).
   */
  static final int ROWS = 4096;

  final int number;
  final ResidentColumn.Rows source;

  /** The candidates that have a fingerprint. */
  final Selection rows;

  /** The candidates that have none. */
  final Selection nulls;

  /** Distance of the i-th row in the first half of the sketch at i, or null if not computed. */
  short @Nullable [] sketched;

  private Stripe(int number, ResidentColumn.Rows source, Selection rows, Selection nulls) {
    this.number = number;
    this.source = source;
    this.rows = rows;
    this.nulls = nulls;
  }

  /** Cuts the candidates of a column into stripes. */
  static List<Stripe> cut(List<ResidentColumn.Rows> candidates) {
    List<Stripe> stripes = new ArrayList<>();
    for (ResidentColumn.Rows source : candidates) {
      MemorySegment validity = source.segment().validity();
      for (int from = 0; from < source.rows().count(); from += ROWS) {
        int to = Math.min(from + ROWS, source.rows().count());
        Selection all = source.rows().slice(from, to);
        Selection nulls = Selection.empty();
        if (validity != null) {
          nulls = Validity.select(validity, all, true);
          all = nulls.isEmpty() ? all : Validity.select(validity, all, false);
        }
        stripes.add(new Stripe(stripes.size(), source, all, nulls));
      }
    }
    return stripes;
  }

  /** Whether the fingerprints are not in memory. */
  boolean isCold() {
    return source.segment().codes() == null;
  }

  /** The fingerprints, of a stripe that is not cold. */
  Codes codes() {
    return Objects.requireNonNull(source.segment().codes(), "codes");
  }

  /** Number of rows from the first to the last. */
  int span() {
    return rows.isEmpty() ? 0 : rows.position(rows.count() - 1) - rows.position(0) + 1;
  }
}
