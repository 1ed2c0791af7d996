package org.bindsql.engine;

import static org.bindsql.engine.catalog.CatalogTable.Column.count;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.util.List;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.lance.resident.ResidentColumns;
import org.jspecify.annotations.Nullable;

/** The table {@code system.fingerprint_cache}: the columns of Lance tables that are in memory. */
final class FingerprintCacheView {
  private FingerprintCacheView() {}

  static CatalogTable of(Session session) {
    return new CatalogTable(
        List.of(
            text("dataset"),
            text("column_name"),
            count("segments"),
            count("bytes"),
            count("sketch_bytes"),
            count("hits")),
        root ->
            ResidentColumns.of(session.database().lance()).holdings().stream()
                .map(FingerprintCacheView::row)
                .toList());
  }

  private static @Nullable Object[] row(ResidentColumns.Holding held) {
    return new @Nullable Object[] {
      held.dataset().toString(),
      held.column(),
      held.segments(),
      held.bytes(),
      held.sketchBytes(),
      held.hits()
    };
  }
}
