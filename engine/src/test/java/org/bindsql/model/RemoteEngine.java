package org.bindsql.model;

import java.nio.file.Path;
import java.util.List;
import org.bindsql.process.ChildJvm;

/** A database in a process of its own, which can be killed. */
final class RemoteEngine implements Engine {
  private final Path folder;
  private final Path temp;
  private final int connections;
  private ChildJvm child;

  /** {@code temp}: the process's folder of temporary files, which exists. */
  RemoteEngine(Path folder, Path temp, int connections) {
    this.folder = folder;
    this.temp = temp;
    this.connections = connections;
    this.child = start();
  }

  private ChildJvm start() {
    return new ChildJvm(
        CrashChild.class,
        List.of("-Djava.io.tmpdir=" + temp),
        folder.toString(),
        Integer.toString(connections));
  }

  @Override
  public Answer run(int connection, String sql, boolean ordered) {
    send(connection, sql, ordered);
    String line = child.receive();
    if (line == null) {
      throw new AssertionError("the process ended in " + sql);
    }
    return CrashChild.answer(CrashChild.decode(line));
  }

  private void send(int connection, String sql, boolean ordered) {
    child.send(
        CrashChild.encode(List.of(Integer.toString(connection), Boolean.toString(ordered), sql)));
  }

  /**
   * Begins a statement, kills the process after some time, and starts another.
   *
   * @param nanos time between the two, from 0
   * @return the statement's answer if it came before, else null
   */
  Answer runAndKill(int connection, String sql, long nanos) {
    long end = System.nanoTime() + nanos;
    send(connection, sql, false);
    while (System.nanoTime() < end && !child.hasAnswer()) {
      Thread.onSpinWait();
    }
    String line = child.hasAnswer() ? child.receive() : null;
    child.kill();
    if (line == null) {
      line = child.receive(); // sent while the signal was under way
    }
    child = start();
    return line == null ? null : CrashChild.answer(CrashChild.decode(line));
  }

  @Override
  public void reopen() {
    child.close();
    child = start();
  }

  @Override
  public void close() {
    child.close();
  }
}
