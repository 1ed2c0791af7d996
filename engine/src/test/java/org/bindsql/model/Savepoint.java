package org.bindsql.model;

/**
 * SAVEPOINT, ROLLBACK TO SAVEPOINT and RELEASE SAVEPOINT.
 *
 * @param verb what stands before the name
 */
record Savepoint(String verb, String name) implements Step {
  static final String MARK = "SAVEPOINT";
  static final String BACK = "ROLLBACK TO SAVEPOINT";
  static final String RELEASE = "RELEASE SAVEPOINT";

  @Override
  public String sql() {
    return verb + " " + name;
  }

  @Override
  public Effect apply(Model model, int connection) {
    if (!model.inTransaction(connection)) {
      throw new Refused(verb.equals(MARK) ? "25000" : "3B001");
    }
    Transaction transaction = model.transaction(connection);
    switch (verb) {
      case MARK -> transaction.savepoint(name);
      case BACK -> transaction.rollbackTo(name);
      case RELEASE -> transaction.release(name);
      default -> throw new IllegalStateException(verb);
    }
    return Effect.changed(0);
  }
}
