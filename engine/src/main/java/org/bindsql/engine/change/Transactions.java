package org.bindsql.engine.change;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.write.LanceTransaction;
import org.bindsql.parser.SqlTransaction;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a session, one at a time: begun by BEGIN or, without auto-commit, by the
 * first statement.
 *
 * <p>A statement that fails leaves the transaction as it was before it. What is no part of a
 * transaction (CREATE TABLE, a change of a BindSpace table) is refused while one is under way,
 * unless that was begun by a statement and has changed nothing: then it is ended.
 */
public final class Transactions {
  private final Consumer<Consumer<ExecutionContext>> contexts;
  private Runnable beforeEnd = () -> {};
  private boolean autoCommit = true;
  private @Nullable Open open;

  /** A transaction that is under way. */
  private static final class Open {
    final LanceTransaction work = new LanceTransaction();
    final boolean readOnly;
    final boolean explicit;
    final Map<String, LanceTransaction.Savepoint> savepoints = new LinkedHashMap<>();

    Open(boolean readOnly, boolean explicit) {
      this.readOnly = readOnly;
      this.explicit = explicit;
    }
  }

  /**
   * Creates the transactions of a session.
   *
   * @param contexts runs something with a context of a statement of the session
   */
  public Transactions(Consumer<Consumer<ExecutionContext>> contexts) {
    this.contexts = contexts;
  }

  /** Sets what is done before a transaction ends: what still reads its versions is closed. */
  public void beforeEnd(Runnable action) {
    beforeEnd = action;
  }

  /** Whether every statement is a transaction of its own if none is begun. */
  public boolean autoCommit() {
    return autoCommit;
  }

  /** Chooses auto-commit; a transaction under way is committed if the choice is another. */
  public void setAutoCommit(boolean value) {
    if (value != autoCommit) {
      if (open != null) {
        commit();
      }
      autoCommit = value;
    }
  }

  /** Runs a statement that begins, ends or marks a transaction; it changes no rows. */
  public long run(SqlTransaction statement) {
    switch (statement.verb()) {
      case BEGIN -> begin(statement.readOnly());
      case COMMIT -> {
        require("COMMIT");
        commit();
      }
      case ROLLBACK -> {
        require("ROLLBACK");
        rollback();
      }
      case SAVEPOINT -> savepoint(statement.savepoint());
      case ROLLBACK_TO -> rollbackTo(statement.savepoint());
      case RELEASE -> release(statement.savepoint());
    }
    return 0;
  }

  /** Begins a transaction. */
  void begin(boolean readOnly) {
    if (open != null && (open.explicit || open.work.hasChanges())) {
      throw new BindSqlException(
          ErrorCode.TRANSACTION_STATE, "a transaction is under way: COMMIT or ROLLBACK it first");
    }
    rollback();
    open = new Open(readOnly, true);
  }

  /** Whether a transaction is under way. */
  public boolean isOpen() {
    return open != null;
  }

  /** Fails if no transaction is under way and none begins by itself. */
  void require(String statement) {
    if (open == null && autoCommit) {
      throw new BindSqlException(
          ErrorCode.TRANSACTION_STATE, statement + ": no transaction is under way");
    }
  }

  /** Commits the transaction under way, if any; it has ended then, also after a failure. */
  public void commit() {
    Open ending = end();
    if (ending != null) {
      finish(ending);
    }
  }

  private void finish(Open ending) {
    if (ending.work.hasChanges()) {
      contexts.accept(ending.work::commit);
    } else {
      ending.work.rollback();
    }
  }

  /** Undoes the transaction under way, if any. */
  public void rollback() {
    Open ending = end();
    if (ending != null) {
      ending.work.rollback();
    }
  }

  private @Nullable Open end() {
    Open ending = open;
    if (ending != null) {
      beforeEnd.run();
      open = null;
    }
    return ending;
  }

  /** The transaction that a statement which begins now belongs to; null if to none. */
  public @Nullable LanceTransaction statement() {
    if (open == null && !autoCommit) {
      open = new Open(false, false);
    }
    return open == null ? null : open.work;
  }

  /** Fails if the transaction under way may not write. */
  public void checkWritable(String statement) {
    if (open != null && open.readOnly) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY, "cannot execute " + statement + " in a read-only transaction");
    }
  }

  /** Ends a transaction that has changed nothing; fails if a statement cannot be part of it. */
  public void leaveFor(String statement) {
    if (open != null) {
      if (open.explicit || open.work.hasChanges()) {
        throw new BindSqlException(
            ErrorCode.TRANSACTION_STATE,
            statement + " cannot be part of a transaction: COMMIT or ROLLBACK first");
      }
      rollback();
    }
  }

  /** Does something as part of a transaction: the one under way, or one of its own. */
  public void together(Runnable work) {
    if (open == null && autoCommit) {
      // Nothing of the application reads in it.
      Open own = new Open(false, false);
      open = own;
      try {
        work.run();
      } catch (Throwable e) {
        open = null;
        own.work.rollback();
        throw e;
      }
      open = null;
      finish(own);
    } else {
      LanceTransaction transaction = statement();
      if (transaction == null) {
        throw new IllegalStateException("no transaction");
      }
      LanceTransaction.Savepoint before = transaction.savepoint();
      try {
        work.run();
      } catch (Throwable e) {
        transaction.rollbackTo(before);
        throw e;
      }
    }
  }

  /** Marks a point of the transaction; one of the same name is forgotten. */
  public void savepoint(String name) {
    require("SAVEPOINT");
    LanceTransaction transaction = statement();
    if (transaction != null && open != null) {
      open.savepoints.remove(name);
      open.savepoints.put(name, transaction.savepoint());
    }
  }

  /** Undoes what was done since a point, which stays; later ones are forgotten. */
  public void rollbackTo(String name) {
    Open transaction = withSavepoint(name);
    beforeEnd.run();
    transaction.work.rollbackTo(Objects.requireNonNull(transaction.savepoints.get(name)));
    forgetAfter(transaction, name);
  }

  /** Forgets a point and later ones. */
  public void release(String name) {
    Open transaction = withSavepoint(name);
    forgetAfter(transaction, name);
    transaction.savepoints.remove(name);
  }

  private Open withSavepoint(String name) {
    if (open == null || !open.savepoints.containsKey(name)) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_SAVEPOINT, "no savepoint '" + name + "' in this transaction");
    }
    return open;
  }

  private static void forgetAfter(Open transaction, String name) {
    boolean after = false;
    for (String other : List.copyOf(transaction.savepoints.keySet())) {
      if (after) {
        transaction.savepoints.remove(other);
      }
      after |= other.equals(name);
    }
  }
}
