package org.bindsql.process;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Program of {@link ConcurrencyTest}: some threads write to the same tables until the input ends;
 * then it says how many counts and rows it was told to have added.
 */
final class Writers {
  private final String url;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicLong counted = new AtomicLong();
  private final AtomicLong inserted = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Writers(String url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    Writers writers = new Writers(arguments[0]);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      Random random = new Random(Long.parseLong(arguments[2]) + i);
      threads.add(Thread.ofPlatform().start(() -> writers.write(random)));
    }
    System.out.println("started");
    while (System.in.read() >= 0) {
      // until the parent closes it
    }
    writers.done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    if (writers.failure.get() != null) {
      writers.failure.get().printStackTrace();
      System.exit(1);
    }
    System.out.println(writers.counted + " " + writers.inserted + " " + writers.lost);
  }

  private void write(Random random) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      while (!done.get() && failure.get() == null) {
        switch (random.nextInt(4)) {
          case 0 -> counted.addAndGet(count(statement, random));
          case 1 -> counted.addAndGet(countTwice(statement, random));
          case 2 -> transfer(statement, random);
          default -> inserted.addAndGet(insert(statement, random));
        }
      }
    } catch (SQLException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Runs a statement; returns the rows it changed, or 0 if it lost a race. */
  private int run(Statement statement, String sql, String... allowed) throws SQLException {
    try {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      if ("40001".equals(e.getSQLState())) {
        lost.incrementAndGet();
      } else if (!List.of(allowed).contains(e.getSQLState())) {
        throw new SQLException(sql + ": " + e.getSQLState() + " " + e.getMessage(), e);
      }
      return 0;
    }
  }

  private int count(Statement statement, Random random) throws SQLException {
    return run(
        statement,
        "UPDATE counters SET n = n + 1 WHERE k = " + random.nextInt(ConcurrencyTest.COUNTERS));
  }

  private int countTwice(Statement statement, Random random) throws SQLException {
    statement.execute("BEGIN");
    try {
      int counts = 0;
      for (int i = 0; i < 2; i++) {
        counts +=
            statement.executeUpdate(
                "UPDATE counters SET n = n + 1 WHERE k = "
                    + random.nextInt(ConcurrencyTest.COUNTERS));
      }
      statement.execute("COMMIT");
      return counts;
    } catch (SQLException e) {
      if (!"40001".equals(e.getSQLState())) {
        throw e;
      }
      lost.incrementAndGet();
      run(statement, "ROLLBACK", "25000"); // a COMMIT that fails has ended the transaction
      return 0;
    }
  }

  private void transfer(Statement statement, Random random) throws SQLException {
    int from = random.nextInt(ConcurrencyTest.ACCOUNTS);
    int to = (from + 1 + random.nextInt(ConcurrencyTest.ACCOUNTS - 1)) % ConcurrencyTest.ACCOUNTS;
    int amount = random.nextInt(100);
    run(
        statement,
        "UPDATE accounts SET x = CASE WHEN k = "
            + from
            + " THEN x - "
            + amount
            + " ELSE x + "
            + amount
            + " END WHERE k IN ("
            + from
            + ", "
            + to
            + ")");
  }

  private int insert(Statement statement, Random random) throws SQLException {
    return run(
        statement,
        "INSERT INTO keyed VALUES (" + random.nextInt(ConcurrencyTest.KEYS) + ", 'x')",
        "23505");
  }
}
