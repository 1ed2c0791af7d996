package org.bindsql.engine;

import static org.bindsql.engine.catalog.CatalogTable.Column.nullableText;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;
import static org.bindsql.engine.catalog.CatalogTable.Column.truth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.engine.catalog.FunctionList;
import org.bindsql.engine.catalog.IndexViews;
import org.bindsql.engine.history.HistoryViews;
import org.bindsql.engine.maintenance.Maintenance;
import org.bindsql.engine.storage.Attachment;
import org.bindsql.engine.storage.Secrets;
import org.jspecify.annotations.Nullable;

/** The schema {@code system}: what this session is set to, and which functions there are. */
final class SystemSchema extends AbstractSchema {
  private final Map<String, Table> tables;

  SystemSchema(Session session) {
    this.tables = new HashMap<>(HistoryViews.tables(session));
    tables.putAll(
        Map.of(
            "settings",
            new CatalogTable(
                List.of(text("name"), text("value"), text("default_value"), text("description")),
                root -> settings(session)),
            "plan_cache",
            new CatalogTable(
                List.of(
                    CatalogTable.Column.count("entries"),
                    CatalogTable.Column.count("hits"),
                    CatalogTable.Column.count("misses")),
                root -> planCache(session.plans().counts())),
            "attached",
            new CatalogTable(
                List.of(text("name"), text("type"), text("place"), truth("read_only")),
                root -> attached(session)),
            "secrets",
            new CatalogTable(
                List.of(text("name"), text("type"), nullableText("scope"), text("provider")),
                root -> secrets(session)),
            "indexes",
            IndexViews.system(),
            "copies",
            new CatalogTable(
                List.of(
                    text("direction"),
                    CatalogTable.Column.nullableText("table_name"),
                    text("file"),
                    CatalogTable.Column.count("row_count"),
                    new CatalogTable.Column("seconds", SqlTypeName.DOUBLE, false)),
                root -> session.database().copies().rows()),
            "copy_errors",
            new CatalogTable(
                List.of(text("message")),
                root ->
                    session.copyErrors().stream()
                        .map(message -> new @Nullable Object[] {message})
                        .toList()),
            "maintenance",
            new CatalogTable(Maintenance.COLUMNS, root -> session.database().maintenance().rows()),
            "fingerprint_cache",
            FingerprintCacheView.of(session),
            "functions",
            new CatalogTable(
                List.of(text("name"), text("kind"), text("signature")),
                root -> FunctionList.rows())));
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private static List<@Nullable Object[]> planCache(PlanCache.Counts counts) {
    return List.<@Nullable Object[]>of(
        new @Nullable Object[] {(long) counts.entries(), counts.hits(), counts.misses()});
  }

  private static List<@Nullable Object[]> attached(Session session) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Attachment attachment : session.attached()) {
      rows.add(
          new @Nullable Object[] {
            attachment.name(), attachment.kind(), attachment.place(), attachment.readOnly()
          });
    }
    return rows;
  }

  /** The secrets without their values. */
  private static List<@Nullable Object[]> secrets(Session session) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Secrets.Secret secret : session.secrets().list()) {
      rows.add(
          new @Nullable Object[] {
            secret.name(),
            secret.kind().sqlName(),
            secret.scope(),
            secret.provider().name().toLowerCase(Locale.ROOT)
          });
    }
    return rows;
  }

  private static List<@Nullable Object[]> settings(Session session) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      rows.add(
          new @Nullable Object[] {
            setting.sqlName(),
            session.settings().get(setting),
            setting.defaultValue(),
            setting.description()
          });
    }
    return rows;
  }
}
