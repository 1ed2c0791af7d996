package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.List;
import org.bindsql.cascade.CodeFetch;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;
import org.jspecify.annotations.Nullable;

/** A column whose segments, or at least their sketches, are claimed from the cache. */
final class LeasedColumn implements ResidentColumn {
  private final ColumnSource source;
  private final LeaseCache<SegmentKey, SegmentMemory>.Claim claim;
  private final List<Rows> segments = new ArrayList<>();

  private LeasedColumn(ColumnSource source, LeaseCache<SegmentKey, SegmentMemory>.Claim claim) {
    this.source = source;
    this.claim = claim;
  }

  /**
   * Makes the column of claimed parts.
   *
   * @param claim with all values there; belongs to the column from now on
   * @param hasCodes whether the claim begins with the codes of each piece
   * @param hasSketches whether the claim ends with the sketches of each piece
   */
  static LeasedColumn of(
      ColumnSource source,
      ColumnLayout layout,
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim,
      boolean hasCodes,
      boolean hasSketches) {
    LeasedColumn column = new LeasedColumn(source, claim);
    int pieces = layout.pieces().size();
    for (int i = 0; i < pieces; i++) {
      ColumnLayout.Piece piece = layout.pieces().get(i);
      SegmentMemory codes = hasCodes ? claim.value(i) : null;
      SegmentMemory sketch = hasSketches ? claim.value(hasCodes ? pieces + i : i) : null;
      column.segments.add(
          new Rows(
              segment(layout.width(), piece.rows(), codes, sketch),
              piece.selection(),
              piece.firstKey(),
              piece.rowKeys()));
    }
    return column;
  }

  private static Segment segment(
      int width, int rows, @Nullable SegmentMemory codes, @Nullable SegmentMemory sketch) {
    SegmentMemory any = codes == null ? sketch : codes;
    return new Segment(
        rows,
        width,
        codes == null ? null : Codes.sliced(codes.data(), width, rows),
        sketch == null ? null : new Sketch(sketch.data(), width, rows),
        any == null ? null : any.validity());
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public List<Rows> segments() {
    return segments;
  }

  @Override
  public boolean isFiltered() {
    return false;
  }

  @Override
  public CodeFetch openFetch() {
    return new TakenCodes(source);
  }

  @Override
  public void close() {
    claim.close();
  }
}
