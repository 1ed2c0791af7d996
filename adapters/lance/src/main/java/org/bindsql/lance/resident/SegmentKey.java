package org.bindsql.lance.resident;

import java.util.List;
import org.bindsql.lance.dataset.Location;
import org.jspecify.annotations.Nullable;

/**
 * Names what the cache holds of a segment: the fingerprints, their sketch, both in the order of
 * lists, or values of another column. A key means the same in all versions of a table that have the
 * data file, whatever rows they have deleted.
 *
 * @param dataset the table
 * @param column the column's name when the segment was first wanted, for listings
 * @param files where the column's bytes come from: one file, or those of the two joined columns
 * @param index place of the segment in the file, from 0
 */
record SegmentKey(Location dataset, String column, List<FieldFile> files, int index, Part part) {
  /** What is held. */
  enum Part {
    /** Fingerprints, in slices. */
    CODES,
    SKETCH,
    /** Both in the order of lists. */
    LISTED,
    /** Values as Arrow lays them out, of a column that results show. */
    VALUES
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SegmentKey key
        && key.index == index
        && key.part == part
        && key.files.equals(files)
        && key.dataset.equals(dataset);
  }

  @Override
  public int hashCode() {
    return (files.hashCode() * 31 + index) * 31 + part.hashCode();
  }
}
