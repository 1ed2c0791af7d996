package org.bindsql.engine;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/** The current values of one session's settings; thread-safe. */
public final class Settings {
  private final Map<Setting, String> initial = new EnumMap<>(Setting.class);
  private final Map<Setting, String> changed = new EnumMap<>(Setting.class);

  Settings(Map<Setting, String> initial) {
    initial.forEach((setting, value) -> this.initial.put(setting, setting.check(value)));
  }

  /** The value as text. */
  public synchronized String get(Setting setting) {
    return changed.getOrDefault(setting, initial.getOrDefault(setting, setting.defaultValue()));
  }

  /** Changes a value, after checking it. */
  public synchronized void set(Setting setting, String value) {
    changed.put(setting, setting.check(value));
  }

  /** Goes back to the value with which the session began. */
  public synchronized void reset(Setting setting) {
    changed.remove(setting);
  }

  /** The value of a whole-number setting. */
  public long getLong(Setting setting) {
    return new BigDecimal(get(setting)).longValueExact();
  }

  /** The value of {@link Setting#QUERY_TIMEOUT} in milliseconds, 0 for none. */
  public long queryTimeoutMillis() {
    return new BigDecimal(get(Setting.QUERY_TIMEOUT)).movePointRight(3).longValue();
  }

  /** The value of {@link Setting#RETRY_TIMEOUT}. */
  double retrySeconds() {
    return new BigDecimal(get(Setting.RETRY_TIMEOUT)).doubleValue();
  }

  /** Threads of one operator, at least 1. */
  public int threads() {
    long threads = getLong(Setting.THREADS);
    return threads > 0 ? (int) threads : Runtime.getRuntime().availableProcessors();
  }
}
