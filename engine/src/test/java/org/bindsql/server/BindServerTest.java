package org.bindsql.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindServerTest {
  @TempDir Path folder;
  private BindServer server;

  @BeforeEach
  void start() throws SQLException {
    server = BindServer.start(config());
  }

  @AfterEach
  void stop() throws SQLException {
    server.close();
  }

  private ServerConfig config() {
    return ServerConfig.forDatabase(folder.toString()).withPort(0);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.clientUrl());
  }

  @Test
  void bytesAreTheSameAsSent() throws SQLException {
    byte[] bytes = new byte[2_048];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT CAST(? AS VARBINARY(4000)) AS fp")) {
      statement.setBytes(1, bytes);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertArrayEquals(bytes, rows.getBytes(1));
        assertArrayEquals(bytes, (byte[]) rows.getObject(1));
        assertFalse(rows.next());
      }
    }
  }

  @Test
  void textOfBinaryIsWhatTheStockClientMakesOfTheBytes() throws SQLException {
    // The client decodes the bytes as UTF-8; the server cannot make it hexadecimal without
    // breaking getBytes. docs/remote.md tells users to write the hexadecimal in SQL.
    try (Connection connection = connect();
        ResultSet rows = connection.createStatement().executeQuery("VALUES (X'4142')")) {
      assertTrue(rows.next());
      assertEquals("AB", rows.getString(1));
      assertArrayEquals(new byte[] {0x41, 0x42}, rows.getBytes(1));
    }
  }

  @Test
  void preparedStatementRunsAgainWithOtherParameters() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT * FROM (VALUES 1, 2, 3, 4, 5) AS t(x) WHERE x > ? ORDER BY x LIMIT ?")) {
      for (int limit = 0; limit < 4; limit++) {
        statement.setInt(1, 1);
        statement.setInt(2, limit);
        try (ResultSet rows = statement.executeQuery()) {
          for (int i = 0; i < limit; i++) {
            assertTrue(rows.next());
            assertEquals(2 + i, rows.getInt(1));
          }
          assertFalse(rows.next());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100, 101, 200, 1_000})
  void resultOfManyFramesIsComplete(int count) throws SQLException {
    StringBuilder values = new StringBuilder("VALUES (0)");
    for (int i = 1; i <= count; i++) {
      values.append(", (").append(i).append(')');
    }
    String sql = "SELECT x FROM (" + values + ") AS t(x) WHERE x > 0 ORDER BY x DESC";
    try (Connection connection = connect();
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      for (int i = count; i >= 1; i--) {
        assertTrue(rows.next());
        assertEquals(i, rows.getInt(1));
      }
      assertFalse(rows.next());
    }
  }

  @Test
  void metadataIsThatOfTheDatabase() throws SQLException {
    try (Connection local = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Connection remote = connect()) {
      update(local, "CREATE TABLE t AS SELECT 1 AS id, 'x' AS name, X'00FF' AS code");
      update(local, "COMMENT ON TABLE t IS 'c'");
      update(local, "COMMENT ON COLUMN t.id IS 'd'");
      DatabaseMetaData there = remote.getMetaData();
      DatabaseMetaData here = local.getMetaData();
      assertEquals(
          Answers.all(here.getTables(null, "%", "%", null)),
          Answers.all(there.getTables(null, "%", "%", null)));
      assertEquals(
          Answers.all(here.getColumns(null, "main", "t", "%")),
          Answers.all(there.getColumns(null, "main", "t", "%")));
      assertEquals(Answers.all(here.getSchemas()), Answers.all(there.getSchemas()));
      assertTrue(there.getTypeInfo().next());
    }
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Test
  void insertUpdateAndDeleteCountTheirRows() throws SQLException {
    try (Connection connection = connect()) {
      assertEquals(
          2,
          update(
              connection,
              "INSERT INTO bindspace.nodes (addr, fingerprint, label) VALUES"
                  + " (40000, fingerprint_of('a'), 'a'), (40001, fingerprint_of('b'), 'b')"));
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO bindspace.nodes (addr, fingerprint, label) VALUES (?, ?, ?)")) {
        insert.setInt(1, 40_002);
        insert.setBytes(2, new byte[2_048]);
        insert.setString(3, "zero");
        assertEquals(1, insert.executeUpdate());
      }
      assertEquals(1, update(connection, "UPDATE bindspace.nodes SET rung = 3 WHERE addr = 40001"));
      assertEquals(0, update(connection, "DELETE FROM bindspace.nodes WHERE addr = 50000"));
      assertEquals(3, update(connection, "DELETE FROM bindspace.nodes WHERE addr >= 40000"));
    }
  }

  @Test
  void clientsShareWhatIsInMemory() throws SQLException {
    try (Connection one = connect()) {
      update(
          one,
          "INSERT INTO bindspace.nodes (addr, fingerprint) VALUES (40000, fingerprint_of('a'))");
    }
    try (Connection two = connect();
        PreparedStatement search =
            two.prepareStatement(
                "SELECT addr, fingerprint FROM bindspace.nodes"
                    + " ORDER BY hamming_distance(fingerprint, ?) LIMIT ?")) {
      search.setBytes(1, new byte[2_048]);
      search.setInt(2, 1);
      try (ResultSet rows = search.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(40_000, rows.getInt(1));
        assertEquals(2_048, rows.getBytes(2).length);
        assertFalse(rows.next());
      }
    }
  }

  @Test
  void sqlStateIsThatOfTheEngine() throws SQLException {
    try (Connection connection = connect()) {
      assertEquals("42P01", stateOf(connection, "SELECT * FROM nothing"));
      assertEquals("42601", stateOf(connection, "SELEC 1"));
      assertEquals("42883", stateOf(connection, "SELECT no_such_function(1)"));
      assertEquals("22023", stateOf(connection, "SELECT hamming_distance(X'00', X'0000')"));
    }
  }

  @Test
  void failureAfterTheFirstFrameCarriesItsSqlState() throws SQLException {
    StringBuilder values = new StringBuilder("VALUES (1)");
    for (int i = 2; i <= 150; i++) {
      values.append(", (").append(i).append(')');
    }
    try (Connection connection = connect()) {
      // The stock client throws its own runtime exception when a later frame fails.
      AvaticaClientRuntimeException e =
          assertThrows(
              AvaticaClientRuntimeException.class,
              () ->
                  readAll(
                      connection, "SELECT 1 / (x - 120) FROM (" + values + ") AS t(x) ORDER BY x"));
      assertEquals("22012", e.getSqlState());
    }
  }

  private static String stateOf(Connection connection, String sql) {
    return String.valueOf(
        assertThrows(SQLException.class, () -> readAll(connection, sql)).getSQLState());
  }

  private static void readAll(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
  }

  @Test
  void readOnlyServerWritesNothingWhateverTheClientSets() throws SQLException {
    try (BindServer readOnly = BindServer.start(config().asReadOnly());
        Connection connection = DriverManager.getConnection(readOnly.clientUrl())) {
      assertEquals(
          "25006",
          stateOf(
              connection,
              "INSERT INTO bindspace.nodes (addr, fingerprint)"
                  + " VALUES (40000, fingerprint_of('a'))"));
      connection.setReadOnly(false); // sent with the next request
      assertThrows(
          Exception.class,
          () -> update(connection, "CREATE TABLE t AS SELECT 1 AS x"),
          "a client made the server writable");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ATTACH '/etc' AS x",
        "ATTACH '..' AS x",
        "ATTACH 's3://bucket/x' AS x",
        "ATTACH 's3://bucket/x' AS x (ENDPOINT 'http://169.254.169.254', ALLOW_HTTP true)",
        "CREATE SECRET s (TYPE s3, ENDPOINT 'http://127.0.0.1:1', ALLOW_HTTP true)",
        "COPY (SELECT 1 AS x) TO '/bindsql-escape.csv'",
        "COPY (SELECT 1 AS x) TO '../escape.csv'"
      })
  void clientsOpenNothingOutsideTheDatabase(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.clientUrl())) {
      SQLException e = assertThrows(SQLException.class, () -> update(connection, sql));
      assertEquals("42501", e.getSQLState(), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model=inline:{}",
        "model=/etc/passwd",
        "path=/etc",
        "readOnly=false",
        "schemaFactory=java.lang.Object",
        "parserFactory=java.lang.Object",
        "typeSystem=java.lang.Object",
        "metaTableFactory=java.lang.Object",
        "metaColumnFactory=java.lang.Object",
        "spark=true",
        "fun=oracle",
        "lex=JAVA",
        "threads=1000000",
        "memory_limit=9223372036854775807",
        "Model=inline:{}",
        "no_such_property=1"
      })
  void propertyThatIsNotNamedHarmlessIsRefused(String property) {
    String[] pair = property.split("=", 2);
    Properties properties = new Properties();
    properties.setProperty(pair[0], pair[1]);
    // The stock client throws its own runtime exception here.
    Exception e =
        assertThrows(
            Exception.class, () -> DriverManager.getConnection(server.clientUrl(), properties));
    assertTrue(messages(e).contains("'" + pair[0] + "'"), messages(e));
    assertTrue(messages(e).contains("42501"), messages(e));
  }

  private static String messages(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
    }
    return text.toString();
  }

  @Test
  void userAndPasswordOfToolsAreIgnored() throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.clientUrl(), "sa", "secret")) {
      assertTrue(connection.createStatement().executeQuery("VALUES 1").next());
    }
  }

  @Test
  void errorHasNoTraceOfTheServersCode() throws SQLException {
    try (Connection connection = connect()) {
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> connection.createStatement().executeQuery("SELECT * FROM no_such_table"));
      StringWriter all = new StringWriter();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        all.append(cause.getMessage());
        if (cause instanceof org.apache.calcite.avatica.AvaticaSqlException remote) {
          assertTrue(remote.getStackTraces().isEmpty());
        }
      }
      assertFalse(all.toString().contains("org."), all.toString());
      assertTrue(all.toString().contains("no_such_table"), all.toString());
      // The connection is still usable.
      assertTrue(connection.createStatement().executeQuery("VALUES 1").next());
    }
  }

  @Test
  void hopelesslyDeepStatementIsAnErrorNotTheEndOfTheServer() throws SQLException {
    String sql = "SELECT " + "(".repeat(2_000_000) + "1" + ")".repeat(2_000_000);
    try (Connection connection = connect()) {
      SQLException e =
          assertThrows(SQLException.class, () -> connection.createStatement().executeQuery(sql));
      assertEquals(5, e.getSQLState().length());
      assertNotEquals("00000", e.getSQLState());
      assertTrue(connection.createStatement().executeQuery("VALUES 1").next());
    }
  }

  @Test
  void requestOfMoreThanTheLimitIsRefused() throws SQLException {
    try (BindServer small = BindServer.start(config().withMaxRequestBytes(10_000));
        Connection connection = DriverManager.getConnection(small.clientUrl())) {
      String sql = "VALUES '" + "x".repeat(10_000) + "'";
      SQLException e =
          assertThrows(SQLException.class, () -> connection.createStatement().executeQuery(sql));
      assertEquals("53400", e.getSQLState());
      assertTrue(connection.createStatement().executeQuery("VALUES 1").next());
    }
  }

  @Test
  void twoConnectionsAreIndependent() throws SQLException {
    try (Connection one = connect()) {
      try (Connection two = connect()) {
        assertTrue(two.createStatement().executeQuery("VALUES 2").next());
      }
      assertTrue(one.createStatement().executeQuery("VALUES 1").next());
    }
  }

  @Test
  void closeWithClientsConnectedEndsTheirUse() throws SQLException {
    Connection connection = connect();
    ResultSet rows = connection.createStatement().executeQuery("VALUES 1, 2, 3");
    assertTrue(rows.next());
    server.close();
    server.close(); // twice is fine
    // The stock client does not wrap a refused TCP connection in an SQLException everywhere.
    assertThrows(Exception.class, () -> connection.createStatement().executeQuery("VALUES 1"));
    assertThrows(Exception.class, this::connect);
  }

  @Test
  void listensOnTheGivenAddressOnly() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 2_000);
    }
    var interfaces = NetworkInterface.networkInterfaces().toList();
    for (NetworkInterface network : interfaces) {
      for (InetAddress address : network.inetAddresses().toList()) {
        if (!address.getHostAddress().equals("127.0.0.1")) {
          assertThrows(
              IOException.class,
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(address, server.port()), 500);
                }
              },
              address.toString());
        }
      }
    }
  }

  @Test
  void takenPortIsSaid() {
    SQLException e =
        assertThrows(
            SQLException.class, () -> BindServer.start(config().withPort(server.port())).close());
    assertEquals("08001", e.getSQLState());
    assertTrue(messages(e).contains("127.0.0.1:" + server.port()), messages(e));
  }

  @Test
  void requestOfAWebPageIsRefused() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"));
      HttpResponse<String> page =
          client.send(
              request
                  .copy()
                  .header("Origin", "http://example.com")
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(403, page.statusCode());
      assertEquals(
          405,
          client
              .send(request.copy().GET().build(), HttpResponse.BodyHandlers.ofString())
              .statusCode());
      HttpResponse<String> garbage =
          client.send(
              request.copy().POST(HttpRequest.BodyPublishers.ofString("{\"x\":1}")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(500, garbage.statusCode());
      assertFalse(garbage.body().contains("Exception"), garbage.body());
      assertNull(garbage.headers().firstValue("Server").orElse(null));
    }
  }

  @Test
  void traceOfAnErrorInTheClientNamesNoClassOfTheServer() throws SQLException {
    try (Connection connection = connect()) {
      SQLException e =
          assertThrows(
              SQLException.class, () -> connection.createStatement().executeQuery("SELEC 1"));
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text));
      assertFalse(text.toString().contains("org.apache.calcite.sql"), text.toString());
    }
  }
}
