package org.bindsql.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.bindsql.model.Engine.Answer;
import org.bindsql.model.Step.Effect;

/** Runs statements against the engine and against the model, and compares after every one. */
final class Trial {
  /** Steps after which all tables are compared, not only those that changed. */
  private static final int FULL_CHECK = 20;

  /** A statement on a connection; null to close the database and open it again. */
  record Move(int connection, Step step) {
    String kind() {
      return step == null ? "" : step.getClass().getSimpleName();
    }

    @Override
    public String toString() {
      return step == null ? "-- reopen" : step.sql() + "; -- connection " + connection;
    }
  }

  /** Where engine and model differ. */
  static final class Difference extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String kind;

    Difference(String message) {
      this("state", message);
    }

    /** {@code kind}: the same for differences that have one reason, as far as can be told. */
    Difference(String kind, String message) {
      super(message);
      this.kind = kind;
    }

    String kind() {
      return kind;
    }
  }

  private final Engine engine;
  private final int checker;
  private Model model = new Model();
  private int steps;

  /** {@code connections}: those of the statements; the engine has one more, for the checks. */
  Trial(Engine engine, int connections) {
    this.engine = engine;
    this.checker = connections;
  }

  Model model() {
    return model;
  }

  /** The next random statement of a random connection. */
  Move next(Generator generator, Random random) {
    int connection = random.nextInt(checker);
    return new Move(connection, generator.next(model, connection));
  }

  /** Runs a statement; throws {@link Difference} if the engine did not do what the model says. */
  void run(Move move) {
    steps++;
    if (move.step == null) {
      engine.reopen();
      model.rollbackAll();
      compareAll(model);
      return;
    }
    Model before = model;
    Expected expected = expect(move);
    Answer answer = engine.run(move.connection, move.step.sql(), ordered(expected));
    model = judge(move, expected, answer);
    compareChanged(before, move);
    if (move.step == Control.BEGIN && answer.state() == null) {
      look(move.connection, model.tables().keySet());
    } else if (answer.state() != null) {
      Set<String> seen = new TreeSet<>(expected.after.seen(move.connection));
      seen.removeAll(before.seen(move.connection));
      look(move.connection, seen);
    }
    if (steps % FULL_CHECK == 0) {
      compareAll(model);
    }
  }

  /** What a statement must do: an effect, or one of some SQLStates. */
  record Expected(Model after, Effect effect, Set<String> states) {}

  Expected expect(Move move) {
    return expect(model, move);
  }

  private static Expected expect(Model before, Move move) {
    Model after = before.copy();
    try {
      Effect effect = move.step.apply(after, move.connection);
      return new Expected(after, effect, after.alsoAllowed());
    } catch (Refused refused) {
      Set<String> states = new HashSet<>(refused.states());
      states.addAll(after.alsoAllowed()); // which of several reasons is reported is no promise
      return new Expected(after, null, states);
    }
  }

  static boolean ordered(Expected expected) {
    return expected.effect != null && expected.effect.ordered();
  }

  private Model judge(Move move, Expected expected, Answer answer) {
    if (answer.state() != null) {
      if (!expected.states.contains(answer.state())) {
        throw new Difference(
            move.kind() + answer.state(),
            move
                + "\nfails with "
                + answer.state()
                + " "
                + answer.message()
                + "\nexpected "
                + (expected.effect == null ? expected.states : expected.effect));
      }
      if (expected.effect == null) {
        return expected.after;
      }
      Model after = model.copy();
      if (move.step == Control.COMMIT) {
        after.rollback(move.connection); // it lost a race
      }
      return after;
    }
    Effect effect = expected.effect;
    if (expected.after.otherColumns()) {
      if (!answer.empty()) {
        throw new Difference(
            move.kind() + " reads other columns",
            move + "\nanswers " + answer + "\nexpected " + expected.states + " or nothing");
      }
      return expected.after;
    }
    if (effect == null) {
      throw new Difference(
          move.kind() + " succeeds",
          move + "\nsucceeds: " + answer + "\nexpected " + expected.states);
    }
    if (effect.rows() != null
        ? !effect.rows().equals(answer.rows())
        : effect.count() >= 0 && effect.count() != answer.count()) {
      throw new Difference(
          move.kind() + " answers", move + "\nanswers " + answer + "\nexpected " + effect);
    }
    return expected.after;
  }

  /**
   * After a crash during a statement: finds out whether it happened.
   *
   * @param answer what it had acknowledged, or null if it had not
   * @return whether it happened
   */
  boolean recover(Move last, Answer answer) {
    Model before = model;
    Expected expected = expect(last);
    List<Model> candidates = new ArrayList<>();
    if (answer != null) {
      candidates.add(judge(last, expected, answer));
    } else {
      candidates.add(before);
      if (expected.effect != null) {
        candidates.add(expected.after);
      }
    }
    List<String> differences = new ArrayList<>();
    for (Model candidate : candidates) {
      candidate.rollbackAll();
      try {
        compareAll(candidate);
        model = candidate;
        for (String name : List.copyOf(model.tables().keySet())) {
          learnVersions(null, model.tables().get(name), name, last);
        }
        return candidate != before;
      } catch (Difference e) {
        differences.add(e.getMessage());
      }
    }
    throw new Difference(
        "killed in "
            + last
            + ", acknowledged: "
            + answer
            + "\n"
            + String.join("\nnor: ", differences));
  }

  /**
   * Lets a transaction look at tables, so that it sees them as they are now: all when it begins,
   * and those of a statement that failed, for whether that one had looked at them is open.
   */
  private void look(int connection, Set<String> names) {
    for (String name : names) {
      run(new Move(connection, new Queries.Count(name, new Condition.All())));
    }
  }

  /** Compares the tables that changed, each with all its branches, for these share files. */
  private void compareChanged(Model before, Move move) {
    Set<String> roots = new HashSet<>();
    for (String name : names(before)) {
      Table old = before.tables().get(name);
      Table table = model.tables().get(name);
      if (table == null ? old != null : !table.equals(old)) {
        roots.add(Table.root(name));
        if (table != null) {
          learnVersions(old, table, name, move);
        }
      }
    }
    for (String name : names(before)) {
      if (roots.contains(Table.root(name))) {
        compare(model, name);
      }
    }
    if (!before.views().equals(model.views())) {
      compareViews(model);
    }
  }

  private Set<String> names(Model before) {
    Set<String> names = new TreeSet<>(before.tables().keySet());
    names.addAll(model.tables().keySet());
    return names;
  }

  /** Compares all tables, branches and views, and the lists of them, with a state of the model. */
  void compareAll(Model wanted) {
    List<String> tables = new ArrayList<>();
    List<String> indexes = new ArrayList<>();
    List<String> branches = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    wanted
        .tables()
        .forEach((name, table) -> {
          String root = Table.root(name);
          if (table.origin() == null) {
            tables.add(name + "|BASE TABLE");
            table.relation().indexes().keySet().forEach(index -> indexes.add(name + "|" + index));
          } else {
            branches.add(root + "|" + Table.branchOf(name));
          }
          table
              .tags()
              .forEach((tag, version) ->
                  tags.add(
                      String.join(
                          "|",
                          root,
                          tag,
                          Table.branchOf(version.table()),
                          Long.toString(version.number()))));
        });
    wanted.views().keySet().forEach(name -> tables.add(name + "|VIEW"));
    compareList(
        tables,
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'main'");
    compareList(branches, "SELECT table_name, branch_name FROM \"system\".branches");
    compareList(tags, "SELECT table_name, tag_name, branch, version FROM \"system\".tags");
    compareList(indexes, "SELECT table_name, index_name FROM \"system\".indexes");
    wanted
        .tables()
        .forEach((name, table) -> {
          compare(wanted, name);
          compareList(
              List.of(), "SELECT " + table.relation().names() + " FROM " + name + " LIMIT 0");
        });
    compareViews(wanted);
  }

  private void compareList(List<String> wanted, String sql) {
    List<String> listed = query(sql);
    if (!listed.equals(wanted.stream().sorted().toList())) {
      throw new Difference(sql + "\nanswers " + listed + "\nexpected " + wanted);
    }
  }

  private void compareViews(Model wanted) {
    for (String name : wanted.views().keySet()) {
      Move select = new Move(checker, new Queries.Select(name, new Condition.All()));
      Expected expected = expect(wanted, select);
      judge(select, expected, engine.run(checker, select.step.sql(), false));
    }
  }

  private void compare(Model wanted, String name) {
    Answer answer = engine.run(checker, "SELECT * FROM " + name, false);
    Table table = wanted.tables().get(name);
    if (table == null) {
      if (!"42P01".equals(answer.state()) && !"22023".equals(answer.state())) {
        throw new Difference("table " + name + " should be gone: " + answer);
      }
      return;
    }
    List<String> rows = table.relation().print();
    if (!rows.equals(answer.rows())) {
      throw new Difference("table " + name + " holds\n" + answer + "\nexpected\n" + rows);
    }
  }

  /** Asks which versions there are; one statement makes one. */
  private void learnVersions(Table old, Table table, String name, Move move) {
    boolean same = old != null && old.life() == table.life();
    if (same && old.commits() == table.commits()) {
      return;
    }
    List<String> listed =
        query(
            "SELECT version FROM \"system\".versions WHERE table_name = '%s' AND branch = '%s'"
                .formatted(Table.root(name), Table.branchOf(name)));
    List<Long> versions = listed.stream().map(Long::valueOf).sorted().toList();
    if (versions.isEmpty()) {
      throw new Difference("table " + name + " has no versions after " + move);
    }
    Table learnt = table.copy();
    long newest = versions.getLast();
    if (same && !old.versions().isEmpty()) {
      long last = old.versions().lastKey();
      long most = move.step instanceof Definitions.SetType ? 2 : 1; // two, as it is documented
      boolean few =
          newest <= last + most && (newest > last || old.relation().equals(table.relation()));
      if (!few && !(move.step instanceof Definitions.Maintain)) {
        throw new Difference(
            move + "\nmade versions " + last + " to " + newest + ", expected one at most");
      }
    }
    History.retain(model, name, learnt, Set.copyOf(versions));
    learnt.versions().put(newest, table.relation());
    model.tables().put(name, learnt);
  }

  private List<String> query(String sql) {
    Answer answer = engine.run(checker, sql, false);
    if (answer.rows() == null) {
      throw new Difference(sql + "\nanswers " + answer);
    }
    return answer.rows();
  }

  /** Statements one to a line, as a script. */
  static String script(List<Move> moves) {
    return String.join("\n", moves.stream().map(Move::toString).toList());
  }

  /** A copy of a list without some of its elements. */
  static List<Move> without(List<Move> moves, int from, int to) {
    List<Move> rest = new ArrayList<>(moves.subList(0, from));
    rest.addAll(moves.subList(Math.min(to, moves.size()), moves.size()));
    return rest;
  }
}
