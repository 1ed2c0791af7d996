package org.bindsql.engine.dialect;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * SQL dialect choices: Calcite's default with the liberties that users of other engines expect.
 *
 * <p>Not BABEL and not LENIENT: both return wrong rows, or none, for GROUPING SETS and CUBE.
 */
public final class BindConformance extends SqlDelegatingConformance {
  /** The only one; it has no state. */
  public static final BindConformance INSTANCE = new BindConformance();

  private BindConformance() {
    super(SqlConformanceEnum.DEFAULT);
  }

  @Override
  public boolean isBangEqualAllowed() {
    return true;
  }

  @Override
  public boolean isPercentRemainderAllowed() {
    return true;
  }

  @Override
  public boolean isGroupByAlias() {
    return true;
  }

  @Override
  public boolean isGroupByOrdinal() {
    return true;
  }

  @Override
  public boolean isHavingAlias() {
    return true;
  }

  @Override
  public boolean isLimitStartCountAllowed() {
    return true;
  }

  @Override
  public boolean isOffsetLimitAllowed() {
    return true;
  }

  /** An overflow is an error, not a wrong number. */
  @Override
  public boolean checkedArithmetic() {
    return true;
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }
}
