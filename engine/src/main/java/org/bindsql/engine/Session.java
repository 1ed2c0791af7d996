package org.bindsql.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.apache.calcite.DataContext;
import org.apache.calcite.DataContexts;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.apache.calcite.util.BuiltInMethod;
import org.bindsql.engine.change.Transactions;
import org.bindsql.engine.copy.FilesSchema;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.BindTypeSystem;
import org.bindsql.engine.storage.Attachment;
import org.bindsql.engine.storage.Secrets;
import org.bindsql.engine.storage.StoragePolicy;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.LanceSchema;
import org.bindsql.parser.SqlCopy;
import org.jspecify.annotations.Nullable;

/** What one connection has of its own: its settings, and whether it may write. */
public final class Session {
  private final Database database;
  private final Settings settings;
  private final boolean reference;
  private final StoragePolicy storage;
  private final Secrets secrets = new Secrets();
  private final ConcurrentNavigableMap<String, Attachment> attached =
      new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
  private final boolean readOnlyForGood;
  private final Transactions transactions = new Transactions(this::withContext);
  private volatile boolean readOnly;
  private volatile boolean wrote;
  private volatile List<String> copyErrors = List.of();
  private final FilesSchema files = new FilesSchema(this);
  private final Map<String, Schema> own;
  private final PlanCache plans = new PlanCache(this);
  private volatile @Nullable Batch batch;
  private final ThreadLocal<Boolean> parametersAllowed = ThreadLocal.withInitial(() -> true);

  /**
   * Creates a session.
   *
   * @param settings initial values that differ from the defaults
   * @param readOnly whether writing is refused, whatever {@link #setReadOnly} says
   * @param reference whether queries run a row at a time, without batch operators, as the oracle
   * @param storage what statements may open outside the database
   */
  public Session(
      Database database,
      Map<Setting, String> settings,
      boolean readOnly,
      boolean reference,
      StoragePolicy storage) {
    this.database = database;
    this.settings = new Settings(database.settings(settings), database.settings());
    this.readOnlyForGood = readOnly;
    this.readOnly = readOnly;
    this.reference = reference;
    this.storage = storage;
    this.own = database.schemas(this);
  }

  /** The database, shared with other sessions. */
  public Database database() {
    return database;
  }

  /** The settings. */
  public Settings settings() {
    return settings;
  }

  /** What statements may open outside the database; to be asked before any path or URL is. */
  public StoragePolicy storage() {
    return storage;
  }

  /** The plans of its last queries. */
  PlanCache plans() {
    return plans;
  }

  /** The credentials for object stores. */
  public Secrets secrets() {
    return secrets;
  }

  /** The schemas that are not the database's, by name. */
  public Collection<Attachment> attached() {
    return attached.values();
  }

  /** Adds a schema to the catalog. */
  public void attach(Attachment attachment, CalciteSchema root) {
    attached.put(attachment.name(), attachment);
    root.plus().add(attachment.name(), attachment.schema());
  }

  /** Takes an attached schema out of the catalog; false if there is none of that name. */
  public boolean detach(String name, CalciteSchema root) {
    Attachment attachment = attached.remove(name);
    return attachment != null && root.removeSubSchema(attachment.name());
  }

  /** Has the statement that begins see what is in object stores now. */
  public void beginStatement() {
    schemas()
        .values()
        .forEach(schema -> {
          if (schema instanceof LanceSchema lance) {
            lance.beginStatement();
          }
        });
  }

  /** The schemas by name: the database's, its folders, and those attached. */
  Map<String, Schema> allSchemas() {
    Map<String, Schema> all = schemas();
    all.putAll(database.folderSchemas());
    return all;
  }

  private Map<String, Schema> schemas() {
    Map<String, Schema> schemas = new LinkedHashMap<>(own);
    attached.forEach((name, attachment) -> schemas.put(name, attachment.schema()));
    return schemas;
  }

  /** Whether there is a schema of that name. */
  public boolean hasSchema(String name) {
    return schemas().keySet().stream().anyMatch(name::equalsIgnoreCase)
        || database.folderSchemas().keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Files as tables, by their paths. */
  FilesSchema files() {
    return files;
  }

  /** Why rows were left out by the last COPY FROM. */
  List<String> copyErrors() {
    return copyErrors;
  }

  /** Notes why rows were left out. */
  public void copyErrors(List<String> messages) {
    copyErrors = List.copyOf(messages);
  }

  /** Whether queries run without batch operators. */
  boolean reference() {
    return reference;
  }

  /** Whether writing is refused. */
  public boolean readOnly() {
    return readOnly;
  }

  /** Refuses or allows writing; a session that was opened read only stays so. */
  public void setReadOnly(boolean value) {
    if (!value && readOnlyForGood) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY, "the connection was opened with readOnly=true and stays read only");
    }
    readOnly = value;
  }

  /** The schema of that name as the catalog writes it; fails if there is none. */
  public String schemaNamed(String name) {
    for (String schema : schemas().keySet()) {
      if (schema.equalsIgnoreCase(name)) {
        return schema;
      }
    }
    for (String schema : database.folderSchemas().keySet()) {
      if (schema.equalsIgnoreCase(name)) {
        return schema;
      }
    }
    throw new BindSqlException(ErrorCode.NO_SUCH_SCHEMA, "no schema '" + name + "'");
  }

  /** Whether a statement that is no part of a transaction has written since {@link #committed}. */
  public boolean wroteSinceCommit() {
    return wrote;
  }

  /** Forgets that statements wrote: they stay. */
  public void committed() {
    wrote = false;
  }

  /** The transactions. */
  public Transactions transactions() {
    return transactions;
  }

  /** Seconds in which a statement that begins now is run again if another writer is first. */
  public double retrySeconds() {
    // In a transaction it would read the same versions again.
    return transactions.autoCommit() && !transactions.isOpen() ? settings.retrySeconds() : 0;
  }

  /** Says whether what this thread runs next can have values for its parameters. */
  public void allowParameters(boolean allowed) {
    parametersAllowed.set(allowed);
  }

  /** Fails if a statement has parameters, and nobody can give it their values. */
  void checkParameters(int count) {
    if (count > 0 && !parametersAllowed.get()) {
      throw new BindSqlException(
          ErrorCode.UNBOUND_PARAMETER,
          "the statement has %d parameter%s without a value: prepare it, or write values instead of ?"
              .formatted(count, count == 1 ? "" : "s"));
    }
  }

  /** Runs something with a context of its own, of no transaction. */
  private void withContext(Consumer<ExecutionContext> work) {
    StatementContext statement =
        new StatementContext(DataContexts.EMPTY, this, List.of(), null, null);
    try (StatementScope scope = statement.scope()) {
      ExecutionContext context = statement.open();
      try (var memory = context.allocator()) {
        work.accept(context);
      }
    }
  }

  /** Begins to collect the statements that are executed, to run them together. */
  public Batch beginBatch() {
    Batch begun = new Batch(this);
    batch = begun;
    return begun;
  }

  /** Ends what {@link #beginBatch} began. */
  public void endBatch() {
    batch = null;
  }

  /** The statements that are collected, or null if each is run when it is executed. */
  @Nullable Batch batch() {
    return batch;
  }

  /**
   * Begins a statement that cannot be part of a transaction. Fails if this session may not write,
   * or if a transaction is under way; notes that it wrote otherwise.
   */
  public void beginWrite(String statement) {
    checkWritable(statement);
    beginStatement();
    transactions.leaveFor(statement);
    wrote = true;
  }

  /** Fails if this session may not write. */
  public void checkWritable(String statement) {
    if (readOnly) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY, "cannot execute " + statement + " in a read-only connection");
    }
    transactions.checkWritable(statement);
  }

  /** What Calcite's connection is configured with. */
  public Properties connectionProperties() {
    return BindContext.properties();
  }

  /** A factory of types under our type rules. */
  public JavaTypeFactory typeFactory() {
    return new JavaTypeFactoryImpl(new BindTypeSystem());
  }

  /** A root schema for a connection of this session. */
  public CalciteSchema createRootSchema() {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", new Root(this));
    own.forEach((name, schema) -> root.plus().add(name, schema));
    return root;
  }

  /** The session to which a statement's context belongs. */
  static Session of(CalcitePrepare.Context context) {
    if (context.getRootSchema().schema instanceof Root root) {
      return root.session;
    }
    throw new IllegalStateException("not a connection of BindSQL");
  }

  private static final class Root extends AbstractSchema {
    private final Session session;

    Root(Session session) {
      this.session = session;
    }

    /** The folders of the database; and files, which are found by name and not listed. */
    @Override
    public Lookup<? extends Schema> subSchemas() {
      return new Lookup<Schema>() {
        @Override
        public @Nullable Schema get(String name) {
          return name.equals(SqlCopy.FILES)
              ? session.files()
              : session.database.folderSchemas().get(name);
        }

        @Override
        public @Nullable Named<Schema> getIgnoreCase(String name) {
          if (name.equals(SqlCopy.FILES)) {
            return new Named<>(name, session.files());
          }
          for (Map.Entry<String, Schema> folder : session.database.folderSchemas().entrySet()) {
            if (folder.getKey().equalsIgnoreCase(name)) {
              return new Named<>(folder.getKey(), folder.getValue());
            }
          }
          return null;
        }

        @Override
        public Set<String> getNames(LikePattern pattern) {
          Set<String> names = new TreeSet<>(session.database.folderSchemas().keySet());
          names.removeIf(name -> !pattern.matcher().apply(name));
          return names;
        }
      };
    }

    @Override
    public Expression getExpression(@Nullable SchemaPlus parentSchema, String name) {
      // Generated code finds the schemas of a statement through its data context.
      return Expressions.call(DataContext.ROOT, BuiltInMethod.DATA_CONTEXT_GET_ROOT_SCHEMA.method);
    }
  }
}
