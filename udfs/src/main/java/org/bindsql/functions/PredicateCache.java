package org.bindsql.functions;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bindsql.schema.SchemaPredicate;

/** Compiled predicates by their text, the last used 256 of them. */
final class PredicateCache {
  private static final int CAPACITY = 256;
  private static final Map<String, SchemaPredicate> CACHE =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SchemaPredicate> eldest) {
          return size() > CAPACITY;
        }
      };

  private PredicateCache() {}

  static SchemaPredicate get(String json) {
    synchronized (CACHE) {
      SchemaPredicate cached = CACHE.get(json);
      if (cached != null) {
        return cached;
      }
    }
    SchemaPredicate compiled = SchemaPredicate.compile(json);
    synchronized (CACHE) {
      CACHE.put(json, compiled);
    }
    return compiled;
  }
}
