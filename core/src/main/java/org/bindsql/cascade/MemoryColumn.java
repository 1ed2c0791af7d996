package org.bindsql.cascade;

import java.util.List;

/** A column whose fingerprints are all in memory that somebody else holds. */
record MemoryColumn(int width, List<Rows> segments) implements ResidentColumn {
  @Override
  public boolean isFiltered() {
    return true;
  }

  @Override
  public CodeFetch openFetch() {
    throw new IllegalStateException("all fingerprints are in memory");
  }

  @Override
  public void close() {}
}
