package org.bindsql.model;

/** BEGIN, COMMIT, ROLLBACK. */
enum Control implements Step {
  BEGIN,
  COMMIT,
  ROLLBACK;

  @Override
  public String sql() {
    return name();
  }

  @Override
  public Effect apply(Model model, int connection) {
    switch (this) {
      case BEGIN -> model.begin(connection);
      case COMMIT -> model.commit(connection);
      case ROLLBACK -> model.rollback(connection);
    }
    return Effect.changed(0);
  }
}
