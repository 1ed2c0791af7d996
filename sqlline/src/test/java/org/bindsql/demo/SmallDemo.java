package org.bindsql.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.bindsql.engine.Database;

/** The demonstration database of two packages. */
final class SmallDemo implements AutoCloseable {
  private static final Set<String> PACKAGES = Set.of("java.io", "java.util");

  private final Database database;
  private final Connection connection;

  SmallDemo(Path folder) throws SQLException {
    database = Database.open(folder.toString(), false);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    DemoDatabase demo = new DemoDatabase(database, new Progress(nowhere));
    demo.index(SmallDemo::types);
    demo.fillBindSpace(SmallDemo::types);
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
  }

  static List<ApiType> types() {
    return Platform.types(module -> module.name().equals("java.base"), PACKAGES::contains);
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    database.close();
  }
}
