package org.bindsql.engine;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bindsql.error.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a session's last queries by their texts, so that a text that comes again is not
 * planned again; thread-safe.
 *
 * <p>Part of the key is all of the session that a plan depends on: the default schema and the
 * settings. A plan is used only while the catalog is as it was ({@link CatalogState}) and the
 * columns of its tables are ({@link PlannedTables}); statistics may have changed. No query that may
 * hold a secret is kept, and none in a transaction.
 */
final class PlanCache {
  /** Characters of the longest query that is kept. */
  private static final int MAX_LENGTH = 1 << 16;

  private final Session session;
  private final Map<Key, Entry> plans = new LinkedHashMap<>(16, 0.75f, true);
  private long hits;
  private long misses;

  PlanCache(Session session) {
    this.session = session;
  }

  /**
   * What a plan is kept under.
   *
   * @param schema the default schema
   * @param settings the state of the session's settings
   */
  record Key(String sql, List<String> schema, long settings, Type elementType, long maxRows) {}

  private record Entry(CatalogState catalog, StatementSignature<?> plan) {}

  /**
   * What has been counted.
   *
   * @param entries plans that are kept now
   * @param misses texts that could be kept, and were planned
   */
  record Counts(int entries, long hits, long misses) {}

  /** The key of a statement, or null if its plan cannot be kept. */
  @Nullable Key key(String sql, List<String> schema, Type elementType, long maxRows) {
    if (capacity() == 0) {
      clear();
      return null;
    }
    return sql.length() > MAX_LENGTH
            || session.transactions().isOpen()
            || !session.transactions().autoCommit()
            || Redaction.mayHoldSecret(sql)
        ? null
        : new Key(sql, schema, session.settings().changes(), elementType, maxRows);
  }

  /** The plan of that key if it still holds, else null. */
  @SuppressWarnings("unchecked") // the type of a row is part of the key
  <T> @Nullable StatementSignature<T> find(Key key, @Nullable CatalogState catalog) {
    Entry entry = get(key);
    if (entry == null || !entry.catalog.equals(catalog) || !entry.plan.isCurrent()) {
      count(key, false);
      return null;
    }
    count(key, true);
    return (StatementSignature<T>) entry.plan;
  }

  private synchronized @Nullable Entry get(Key key) {
    return plans.get(key);
  }

  private synchronized void count(Key key, boolean hit) {
    if (hit) {
      hits++;
    } else {
      misses++;
      plans.remove(key);
    }
  }

  /** Keeps a plan; the one that was used longest ago goes if there are too many. */
  synchronized void add(Key key, CatalogState catalog, StatementSignature<?> plan) {
    plans.put(key, new Entry(catalog, plan));
    var eldest = plans.entrySet().iterator();
    while (plans.size() > capacity()) {
      eldest.next();
      eldest.remove();
    }
  }

  private long capacity() {
    return session.settings().getLong(Setting.PLAN_CACHE);
  }

  private synchronized void clear() {
    plans.clear();
  }

  synchronized Counts counts() {
    return new Counts(plans.size(), hits, misses);
  }
}
