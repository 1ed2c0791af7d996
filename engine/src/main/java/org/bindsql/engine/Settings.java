package org.bindsql.engine;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The current values of one session's settings, or of those that all sessions of a database share;
 * thread-safe.
 */
public final class Settings {
  private final @Nullable Settings shared;
  private final Map<Setting, String> initial = new EnumMap<>(Setting.class);
  private final Map<Setting, String> changed = new EnumMap<>(Setting.class);
  private long changes;
  private volatile Runnable onChange = () -> {};

  /** The shared settings of a database, with their defaults. */
  public Settings() {
    this.shared = null;
  }

  /** Has something run after every change, also by a session of what is shared. */
  void onChange(Runnable action) {
    onChange = action;
  }

  /**
   * The settings of a session.
   *
   * @param initial values that differ from the defaults; those of shared settings change them
   * @param shared the database's
   */
  Settings(Map<Setting, String> initial, Settings shared) {
    this.shared = shared;
    initial.forEach((setting, value) -> {
      String checked = setting.check(value);
      if (setting.isShared()) {
        shared.set(setting, checked);
      } else {
        this.initial.put(setting, checked);
      }
    });
  }

  /** The value as text. */
  public String get(Setting setting) {
    return holder(setting).own(setting);
  }

  private Settings holder(Setting setting) {
    return shared != null && setting.isShared() ? shared : this;
  }

  private synchronized String own(Setting setting) {
    return changed.getOrDefault(setting, initial.getOrDefault(setting, setting.defaultValue()));
  }

  /** Changes a value, after checking it. */
  public void set(Setting setting, String value) {
    if (setting.isOfDatabase()) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          setting.sqlName()
              + " is of the whole database: give it as a connection property to the first"
              + " connection that opens it");
    }
    holder(setting).change(setting, setting.check(value));
  }

  private void change(Setting setting, String value) {
    synchronized (this) {
      changes++;
      changed.put(setting, value);
    }
    onChange.run();
  }

  /** Goes back to the value with which the session began; of a shared setting, to its default. */
  public void reset(Setting setting) {
    holder(setting).forget(setting);
  }

  private void forget(Setting setting) {
    synchronized (this) {
      changes++;
      changed.remove(setting);
    }
    onChange.run();
  }

  /** How often a value was changed; of shared settings, by anybody. */
  long changes() {
    return ownChanges() + (shared == null ? 0 : shared.ownChanges());
  }

  private synchronized long ownChanges() {
    return changes;
  }

  /** The value of a setting that is a number. */
  public double getDouble(Setting setting) {
    return new BigDecimal(get(setting)).doubleValue();
  }

  /** The value of a whole-number setting. */
  public long getLong(Setting setting) {
    return new BigDecimal(get(setting)).longValueExact();
  }

  /**
   * The value of {@link Setting#FINGERPRINT_CACHE}.
   *
   * @param memory bytes of which a percentage is taken
   * @return bytes
   */
  long fingerprintCache(long memory) {
    String value = get(Setting.FINGERPRINT_CACHE);
    return value.endsWith("%")
        ? new BigDecimal(value.substring(0, value.length() - 1))
            .movePointLeft(2)
            .multiply(BigDecimal.valueOf(memory))
            .longValue()
        : new BigDecimal(value).longValueExact();
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
