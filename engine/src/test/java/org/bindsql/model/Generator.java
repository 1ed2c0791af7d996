package org.bindsql.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.bindsql.model.Changes.Assignment;
import org.bindsql.model.Definitions.Existing;
import org.bindsql.model.Relation.Column;

/** Makes random statements, most of which fit the present state of a model. */
final class Generator {
  /** Kinds of statements, and how often they come. */
  enum Statement {
    CREATE(3),
    CREATE_AS(2),
    DROP(1),
    TRUNCATE(1),
    ADD_COLUMN(2),
    DROP_COLUMN(2),
    RENAME_COLUMN(2),
    SET_TYPE(1),
    INSERT(14),
    INSERT_SELECT(4),
    UPDATE(12),
    DELETE(6),
    UPSERT(6),
    MERGE(10),
    BEGIN(5),
    COMMIT(6),
    ROLLBACK(2),
    SELECT(4),
    COUNT(2),
    GROUP(2),
    NEAREST(3),
    VERSION(5),
    TAG_VERSION(2),
    CREATE_TAG(2),
    DROP_TAG(1),
    CREATE_BRANCH(2),
    DROP_BRANCH(1),
    RESTORE(2),
    CREATE_VIEW(2),
    DROP_VIEW(1),
    SAVEPOINT(3),
    ROLLBACK_TO(3),
    RELEASE(1),
    CREATE_INDEX(2),
    DROP_INDEX(1),
    OPTIMIZE(1),
    VACUUM(1),
    REOPEN(1);

    final int weight;

    Statement(int weight) {
      this.weight = weight;
    }
  }

  private static final String[] TABLES = {"t0", "t1", "t2"};
  private static final String[] TAGS = {"g0", "g1", "g2"};
  private static final String[] BRANCHES = {"b0", "b1"};
  private static final String[] VIEWS = {"v0", "v1"};
  private static final String[] SAVEPOINTS = {"p0", "p1"};

  /** Above this number of rows no table grows by copying rows. */
  private static final int MANY_ROWS = 60;

  private final Random random;
  private final List<Statement> kinds;

  /** {@code only}: names of kinds of statements separated by commas, or empty for all. */
  Generator(Random random, String only) {
    this.random = random;
    this.kinds =
        Stream.of(Statement.values())
            .filter(s -> only.isEmpty() || List.of(only.split(",")).contains(s.name()))
            .toList();
  }

  /** The next statement; null to close the database and open it again. */
  Step next(Model model, int connection) {
    int pick = random.nextInt(kinds.stream().mapToInt(k -> k.weight).sum());
    for (Statement kind : kinds) {
      pick -= kind.weight;
      if (pick < 0) {
        return make(kind, model, connection);
      }
    }
    throw new IllegalStateException();
  }

  /** Kinds that change columns: beside a transaction it is open whether they or it must wait. */
  private static final Set<Statement> ALTERATIONS =
      EnumSet.of(
          Statement.ADD_COLUMN, Statement.DROP_COLUMN, Statement.RENAME_COLUMN, Statement.SET_TYPE);

  /** Kinds that read what has a name, views included. */
  private static final Set<Statement> QUERIES =
      EnumSet.of(
          Statement.SELECT,
          Statement.COUNT,
          Statement.GROUP,
          Statement.NEAREST,
          Statement.CREATE_AS,
          Statement.CREATE_VIEW);

  /** No connection: outside all transactions. */
  private static final int OUTSIDE = -1;

  private Step make(Statement kind, Model model, int connection) {
    String name = QUERIES.contains(kind) ? sourceName(model) : tableName(model);
    Table table = model.tables().get(name);
    Relation r = relation(model, name);
    if (ALTERATIONS.contains(kind) && model.inTransaction()) {
      return new Queries.Count(name, condition(r));
    }
    return switch (kind) {
      case CREATE -> create(name);
      case CREATE_AS ->
          new Definitions.CreateAs(
              random.nextInt(30) == 0 ? pick(VIEWS) : pick(TABLES), existing(), name, condition(r));
      case DROP -> new Definitions.Drop(Table.root(name), random.nextBoolean());
      case TRUNCATE -> new Definitions.Truncate(name);
      case ADD_COLUMN -> new Definitions.AddColumn(name, kind().name(random));
      case DROP_COLUMN -> new Definitions.DropColumn(name, column(r));
      case RENAME_COLUMN -> {
        String column = column(r);
        yield new Definitions.RenameColumn(name, column, Kind.of(column).name(random));
      }
      case SET_TYPE -> setType(name, r);
      case INSERT -> {
        List<String> columns = columns(r);
        yield new Changes.Insert(name, columns, rows(r, columns));
      }
      case INSERT_SELECT -> insertSelect(model, name, r);
      case UPDATE -> new Changes.Update(name, sets(r, null), condition(r));
      case DELETE -> new Changes.Delete(name, condition(r));
      case UPSERT -> upsert(name, r);
      case MERGE -> merge(name, r);
      case BEGIN -> Control.BEGIN;
      case COMMIT -> model.inTransaction(connection) ? Control.COMMIT : Control.BEGIN;
      case ROLLBACK ->
          model.inTransaction(connection) || random.nextInt(10) == 0
              ? Control.ROLLBACK
              : Control.BEGIN;
      case SELECT -> new Queries.Select(name, condition(r));
      case COUNT -> new Queries.Count(name, condition(r));
      case GROUP -> new Queries.Group(name, column(r), Kind.INTEGER.name(random), condition(r));
      case NEAREST ->
          new Queries.Nearest(
              name,
              Kind.CODE.name(random),
              (String) notNull(Kind.CODE),
              1 + random.nextInt(8),
              condition(r));
      case VERSION -> new Queries.Version(name, version(table), null);
      case TAG_VERSION ->
          new Queries.Version(
              name,
              null,
              random.nextInt(3) == 0 ? pick(BRANCHES) : tag(model.tables().get(Table.root(name))));
      case CREATE_TAG -> new History.CreateTag(newTag(model, name), name, versionOrNewest(table));
      case DROP_TAG -> {
        String root = Table.root(name);
        yield new History.DropTag(tag(model.tables().get(root)), root, random.nextBoolean());
      }
      case CREATE_BRANCH ->
          new History.CreateBranch(
              pick(random.nextInt(15) == 0 ? TAGS : BRANCHES),
              name,
              versionOrNewest(table),
              random.nextInt(4) == 0);
      case DROP_BRANCH ->
          new History.DropBranch(pick(BRANCHES), Table.root(name), random.nextBoolean());
      case RESTORE -> new History.Restore(name, version(table));
      case CREATE_VIEW -> createView(name, r);
      case DROP_VIEW ->
          new Views.Drop(random.nextInt(20) == 0 ? name : pick(VIEWS), random.nextBoolean());
      case SAVEPOINT -> savepoint(model, connection, Savepoint.MARK);
      case ROLLBACK_TO -> savepoint(model, connection, Savepoint.BACK);
      case RELEASE -> savepoint(model, connection, Savepoint.RELEASE);
      case CREATE_INDEX -> createIndex(name, r);
      case DROP_INDEX -> new Definitions.DropIndex(index(table), name, random.nextBoolean());
      case OPTIMIZE -> new Definitions.Maintain("OPTIMIZE " + name, name);
      case VACUUM ->
          new Definitions.Maintain("VACUUM " + name + " WITH (older_than_seconds = 0)", name);
      case REOPEN -> null;
    };
  }

  /** Columns and rows of a table, branch or view, as a statement of today would find them. */
  private static Relation relation(Model model, String name) {
    try {
      return model.copy().read(OUTSIDE, name);
    } catch (Refused e) {
      return new Relation(List.of(new Column("k", false)), null, List.of());
    }
  }

  /** A table or branch; seldom a view, or what is not there. */
  private String tableName(Model model) {
    List<String> names = new ArrayList<>(model.tables().keySet());
    return names.isEmpty() || random.nextInt(30) == 0
        ? switch (random.nextInt(3)) {
          case 0 -> pick(VIEWS);
          case 1 -> Table.branch(pick(TABLES), pick(BRANCHES));
          default -> pick(TABLES);
        }
        : names.get(random.nextInt(names.size()));
  }

  /** What a query can read. */
  private String sourceName(Model model) {
    List<String> views = List.copyOf(model.views().keySet());
    return views.isEmpty() || random.nextInt(4) > 0
        ? tableName(model)
        : views.get(random.nextInt(views.size()));
  }

  private String pick(String[] names) {
    return names[random.nextInt(names.length)];
  }

  /** A tag's name, seldom that of a branch which is there: {@code "t:b"} must not be a version. */
  private String newTag(Model model, String table) {
    String branch = pick(BRANCHES);
    return random.nextInt(10) == 0
            && model.tables().containsKey(Table.branch(Table.root(table), branch))
        ? branch
        : pick(TAGS);
  }

  private Step createView(String source, Relation r) {
    List<String> columns = random.nextInt(3) == 0 ? List.of() : columns(r);
    return new Views.Create(
        random.nextInt(30) == 0 ? pick(TABLES) : pick(VIEWS),
        existing(),
        columns,
        source,
        condition(r));
  }

  /** Mostly one that works, for what a transaction did is undone or kept then. */
  private Step savepoint(Model model, int connection, String verb) {
    if (!model.inTransaction(connection)) {
      return random.nextInt(10) == 0 ? new Savepoint(verb, pick(SAVEPOINTS)) : Control.BEGIN;
    }
    List<String> marked = List.copyOf(model.transaction(connection).savepoints().keySet());
    if (verb.equals(Savepoint.MARK) || marked.isEmpty() || random.nextInt(10) == 0) {
      return new Savepoint(marked.isEmpty() ? Savepoint.MARK : verb, pick(SAVEPOINTS));
    }
    return new Savepoint(verb, marked.get(random.nextInt(marked.size())));
  }

  private Existing existing() {
    return Existing.values()[random.nextInt(3)];
  }

  private static Kind kind(Random random) {
    return Kind.values()[random.nextInt(Kind.values().length)];
  }

  private Kind kind() {
    return kind(random);
  }

  private Step create(String name) {
    boolean keyed = random.nextInt(3) == 0;
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("k", keyed || random.nextInt(4) == 0));
    for (Kind kind : Kind.values()) {
      String column = kind.name(random);
      if (random.nextInt(3) > 0 && columns.stream().noneMatch(c -> c.name().equals(column))) {
        columns.add(new Column(column, random.nextInt(8) == 0));
      }
    }
    boolean stable = random.nextInt(3) == 0;
    String table = random.nextBoolean() ? Table.root(name) : pick(TABLES);
    return new Definitions.Create(table, existing(), columns, keyed ? "k" : null, stable);
  }

  private Step setType(String table, Relation r) {
    String column = column(r);
    String type =
        switch (Kind.of(column)) {
          case INTEGER -> random.nextBoolean() ? "BIGINT" : "INTEGER";
          case DOUBLE -> random.nextBoolean() ? "DOUBLE" : "REAL";
          default -> Kind.of(column).type;
        };
    return new Definitions.SetType(table, column, type);
  }

  private Step insertSelect(Model model, String name, Relation r) {
    String source = sourceName(model);
    Relation from = relation(model, source);
    if (r.rows().size() > MANY_ROWS) {
      return new Changes.Delete(name, condition(r));
    }
    List<String> columns = columns(r);
    if (random.nextInt(10) > 0) {
      columns.removeIf(c -> from.find(c) < 0);
    }
    return columns.isEmpty()
        ? new Queries.Count(source, new Condition.All())
        : new Changes.InsertSelect(name, columns, source, condition(from));
  }

  private Step upsert(String name, Relation r) {
    List<String> columns = columns(r);
    String key = r.key() == null ? "k" : r.key();
    columns.remove(key);
    columns.addFirst(key);
    return new Changes.Upsert(
        name,
        columns,
        rows(r, columns),
        key,
        random.nextInt(3) == 0 ? List.of() : sets(r, columns));
  }

  private Step merge(String name, Relation r) {
    List<String> columns = columns(r);
    columns.remove("k");
    columns.addFirst("k");
    List<Merge.Matched> matched = new ArrayList<>();
    List<Merge.Matched> bySource = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      matched.add(
          new Merge.Matched(condition(r), random.nextInt(3) == 0 ? null : sets(r, columns)));
    }
    if (random.nextInt(4) == 0) {
      bySource.add(new Merge.Matched(condition(r), random.nextBoolean() ? null : sets(r, null)));
    }
    List<Merge.Missing> missing = new ArrayList<>();
    if (matched.isEmpty() && bySource.isEmpty() || random.nextBoolean()) {
      missing.add(new Merge.Missing(conditionOn(columns)));
    }
    return new Merge(name, columns, rows(r, columns), matched, missing, bySource);
  }

  private Step createIndex(String table, Relation r) {
    String column = column(r);
    String method =
        switch (Kind.of(column)) {
          case BOOLEAN, DATE -> "BITMAP";
          case TEXT -> random.nextBoolean() ? "BTREE" : "BITMAP";
          default -> random.nextBoolean() ? "BTREE" : "ZONEMAP";
        };
    return new Definitions.CreateIndex("i" + random.nextInt(3), table, column, method);
  }

  private String index(Table table) {
    return table == null || table.relation().indexes().isEmpty()
        ? "i" + random.nextInt(3)
        : table.relation().indexes().keySet().stream().sorted().findFirst().orElseThrow();
  }

  private long version(Table table) {
    if (table == null || table.versions().isEmpty() || random.nextInt(20) == 0) {
      return 99_999;
    }
    List<Long> versions = List.copyOf(table.versions().keySet());
    return versions.get(random.nextInt(versions.size()));
  }

  /** A version, or null for the newest. */
  private Long versionOrNewest(Table table) {
    return random.nextInt(3) == 0 ? null : Long.valueOf(version(table));
  }

  private String tag(Table table) {
    List<String> tags =
        table == null ? List.of() : table.tags().keySet().stream().sorted().toList();
    return tags.isEmpty() || random.nextInt(10) == 0
        ? TAGS[random.nextInt(TAGS.length)]
        : tags.get(random.nextInt(tags.size()));
  }

  private String column(Relation r) {
    return random.nextInt(40) == 0
        ? kind().name(random)
        : r.columns().get(random.nextInt(r.columns().size())).name();
  }

  /** Some columns; those without which no row can be inserted are seldom missing. */
  private List<String> columns(Relation r) {
    List<String> columns = new ArrayList<>();
    for (Column column : r.columns()) {
      if (random.nextInt(column.notNull() ? 40 : 5) > 0) {
        columns.add(column.name());
      }
    }
    if (columns.isEmpty()) {
      columns.add(r.columns().getFirst().name());
    }
    return columns;
  }

  private List<List<Object>> rows(Relation r, List<String> columns) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = random.nextInt(r.rows().size() > MANY_ROWS ? 1 : 4); i >= 0; i--) {
      List<Object> row = new ArrayList<>();
      for (String column : columns) {
        int at = r.find(column);
        boolean needed = at >= 0 && r.columns().get(at).notNull();
        row.add(
            needed && random.nextInt(30) > 0
                ? notNull(Kind.of(column))
                : Kind.of(column).random(random));
      }
      rows.add(row);
    }
    return rows;
  }

  private Object notNull(Kind kind) {
    Object value = kind.random(random);
    return value == null ? notNull(kind) : value;
  }

  /** Assignments to different columns; {@code source}: columns of a source that may be used. */
  private List<Assignment> sets(Relation r, List<String> source) {
    Map<String, Assignment> sets = new java.util.LinkedHashMap<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      String column = column(r);
      sets.put(column, new Assignment(column, scalar(r, column, source)));
    }
    return List.copyOf(sets.values());
  }

  private Scalar scalar(Relation r, String column, List<String> source) {
    List<String> same =
        r.columns().stream().filter(c -> c.kind() == Kind.of(column)).map(Column::name).toList();
    int way = random.nextInt(4);
    int at = r.find(column);
    if (way == 0 && Kind.of(column) == Kind.INTEGER && at >= 0) {
      return new Scalar.Plus(column, random.nextInt(5) - 2);
    }
    if (way == 1 && !same.isEmpty()) {
      return new Scalar.Own(same.get(random.nextInt(same.size())));
    }
    if (way == 2 && source != null && source.contains(column)) {
      return new Scalar.Source(column);
    }
    boolean needed = at >= 0 && r.columns().get(at).notNull() && random.nextInt(10) > 0;
    return new Scalar.Constant(
        column, needed ? notNull(Kind.of(column)) : Kind.of(column).random(random));
  }

  private Condition condition(Relation r) {
    return random.nextInt(6) == 0
        ? new Condition.All()
        : conditionOn(r.columns().stream().map(Column::name).toList());
  }

  private Condition conditionOn(List<String> columns) {
    String column = columns.get(random.nextInt(columns.size()));
    Kind kind = Kind.of(column);
    switch (random.nextInt(9)) {
      case 0:
        return new Condition.Missing(column);
      case 1:
        return new Condition.Not(conditionOn(columns));
      case 2, 3:
        return new Condition.Both(conditionOn(columns), conditionOn(columns), random.nextBoolean());
      case 4:
        return new Condition.In(column, List.of(notNull(kind), notNull(kind), notNull(kind)));
      case 5:
        if (kind == Kind.TEXT) {
          return new Condition.Starts(column, random.nextBoolean() ? "a" : "b");
        }
        break;
      default:
    }
    String[] operators =
        kind == Kind.BOOLEAN || kind == Kind.CODE
            ? new String[] {"=", "<>"}
            : new String[] {"=", "<>", "<", "<=", ">", ">="};
    return new Condition.Compare(
        column, operators[random.nextInt(operators.length)], notNull(kind));
  }
}
