package org.bindsql.cascade;

import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/** Predicate over a block's columns; thread-confined. */
@FunctionalInterface
public interface BlockFilter {
  /** Accepts every active row. */
  BlockFilter NONE = Batch::selection;

  /** The active rows of the batch that pass. */
  Selection filter(Batch columns);
}
