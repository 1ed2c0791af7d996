package org.bindsql.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.bindsql.engine.run.ParameterValue;
import org.bindsql.engine.run.Probe;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.write.LanceTransaction;
import org.jspecify.annotations.Nullable;

/** The data context of one run of a statement: typed parameters, memory, settings, profile. */
public final class StatementContext implements DataContext {
  private final DataContext root;
  private final Session session;
  private final List<@Nullable Object> parameters = new ArrayList<>();
  private final @Nullable Profile profile;
  private final @Nullable LanceTransaction transaction;
  private final StatementScope scope;

  /**
   * Creates the context of a statement of the transaction under way, if any; fails if a parameter
   * value does not fit its type.
   */
  public StatementContext(
      DataContext root,
      Session session,
      List<AvaticaParameter> declared,
      @Nullable Profile profile) {
    this(root, session, declared, profile, session.transactions().statement());
  }

  /**
   * Creates the context of a statement.
   *
   * @param transaction what the statement is part of, or null
   */
  StatementContext(
      DataContext root,
      Session session,
      List<AvaticaParameter> declared,
      @Nullable Profile profile,
      @Nullable LanceTransaction transaction) {
    this(
        root,
        session,
        declared,
        profile,
        transaction,
        new StatementScope(transaction == null ? null : transaction.scope()));
  }

  private StatementContext(
      DataContext root,
      Session session,
      List<AvaticaParameter> declared,
      @Nullable Profile profile,
      @Nullable LanceTransaction transaction,
      StatementScope scope) {
    this.root = root;
    this.session = session;
    this.profile = profile;
    this.transaction = transaction;
    this.scope = scope;
    for (int i = 0; i < declared.size(); i++) {
      parameters.add(ParameterValue.coerce(root.get("?" + i), declared.get(i), i + 1));
    }
  }

  /** The context of a further run, with other parameters, that shares what this one shares. */
  StatementContext again(DataContext otherRoot, List<AvaticaParameter> declared) {
    return new StatementContext(otherRoot, session, declared, profile, transaction, scope);
  }

  /** What the scans of this run share; whoever runs the statement closes it after the last row. */
  public StatementScope scope() {
    return scope;
  }

  @Override
  public @Nullable Object get(String name) {
    if (name.startsWith("?")) {
      int index = Integer.parseInt(name.substring(1));
      return index < parameters.size() ? parameters.get(index) : root.get(name);
    }
    return switch (name) {
      case ExecutionContext.Source.VARIABLE -> (ExecutionContext.Source) this::open;
      case StatementScope.VARIABLE -> scope;
      case LanceTransaction.VARIABLE -> transaction;
      case Probe.PROFILE -> profile;
      case ExecutionContext.RECALL -> session.settings().get(Setting.RECALL);
      case ExecutionContext.SEARCH_ORDER -> session.settings().get(Setting.FIRST);
      case Durable.VARIABLE -> session.settings().get(Setting.DURABLE);
      default -> root.get(name);
    };
  }

  /** The context of one run of a batch operator; the caller closes its allocator. */
  public ExecutionContext open() {
    return open(this::get);
  }

  private ExecutionContext open(Function<String, @Nullable Object> variables) {
    Settings settings = session.settings();
    long limit = settings.getLong(Setting.MEMORY_LIMIT);
    BufferAllocator allocator =
        session
            .database()
            .allocator()
            .newChildAllocator("statement", 0, limit > 0 ? limit : Long.MAX_VALUE);
    AtomicBoolean cancelled =
        root.get(Variable.CANCEL_FLAG.camelName) instanceof AtomicBoolean flag
            ? flag
            : new AtomicBoolean();
    return new ExecutionContext(
        allocator,
        variables,
        cancelled,
        (int) settings.getLong(Setting.BATCH_SIZE),
        settings.threads(),
        profile);
  }

  @Override
  public @Nullable SchemaPlus getRootSchema() {
    return root.getRootSchema();
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return root.getTypeFactory();
  }

  @Override
  public QueryProvider getQueryProvider() {
    return root.getQueryProvider();
  }
}
