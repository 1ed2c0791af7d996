package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
   * Makes the column of claimed parts: of each piece, both in the order of lists, or the codes and
   * the sketch, or one of these.
   *
   * @param claim with all values there; belongs to the column from now on
   */
  static LeasedColumn of(
      ColumnSource source, ColumnLayout layout, LeaseCache<SegmentKey, SegmentMemory>.Claim claim) {
    LeasedColumn column = new LeasedColumn(source, claim);
    Map<SegmentKey, SegmentMemory> parts = claim.values();
    for (ColumnLayout.Piece piece : layout.pieces()) {
      column.segments.add(rows(layout.width(), piece, parts));
    }
    return column;
  }

  private static Rows rows(
      int width, ColumnLayout.Piece piece, Map<SegmentKey, SegmentMemory> parts) {
    SegmentMemory both = parts.get(piece.listed());
    ListedRows listed = both == null ? null : both.listed();
    if (listed != null) {
      return new Rows(
          listed.segment(), listed.positions(piece.live()), piece.firstKey(), piece.rowKeys());
    }
    return new Rows(
        plain(width, piece.rows(), parts.get(piece.codes()), parts.get(piece.sketch())),
        piece.selection(),
        piece.firstKey(),
        piece.rowKeys());
  }

  /** A segment in the order of its rows. */
  static Segment plain(
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
