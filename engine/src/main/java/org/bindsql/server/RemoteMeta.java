package org.bindsql.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.jdbc.JdbcMeta;
import org.apache.calcite.avatica.proto.Requests.UpdateBatch;
import org.apache.calcite.avatica.remote.TypedValue;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections to the in-process driver.
 *
 * <p>Avatica forwards every connection property of a client to the driver, where some name files or
 * classes to load. Here a client may set the few that {@link #ALLOWED} names; {@code user} and
 * {@code password}, which tools send by themselves, are dropped; anything else is refused.
 */
final class RemoteMeta extends JdbcMeta {
  static final Set<String> ALLOWED = Set.of("schema", "query_timeout", "max_rows", "hdr.recall");
  private static final Set<String> IGNORED = Set.of("user", "password");

  private final boolean readOnly;

  RemoteMeta(ServerConfig config) throws SQLException {
    super(config.url(), config.properties());
    this.readOnly = config.readOnly();
  }

  @Override
  public void openConnection(ConnectionHandle ch, @Nullable Map<String, String> info) {
    super.openConnection(ch, allowed(info == null ? Map.of() : info));
  }

  private static Map<String, String> allowed(Map<String, String> info) {
    Map<String, String> kept = new HashMap<>();
    info.forEach((key, value) -> {
      if (ALLOWED.contains(key)) {
        kept.put(key, value);
      } else if (!IGNORED.contains(key)) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "connection property '"
                + key
                + "' cannot be set by a remote client; allowed are "
                + new TreeSet<>(ALLOWED));
      }
    });
    return kept;
  }

  @Override
  protected void apply(Connection connection, Meta.ConnectionProperties properties)
      throws SQLException {
    if (readOnly && Boolean.FALSE.equals(properties.isReadOnly())) {
      throw new BindSqlException(ErrorCode.READ_ONLY, "the server was started read-only");
    }
    super.apply(connection, properties);
  }

  @Override
  protected Connection createConnection(String url, Properties info) throws SQLException {
    return RemoteValues.of(super.createConnection(url, info));
  }

  @Override
  public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
    StatementHandle handle = super.prepare(ch, sql, maxRowCount);
    handle.signature = RemoteSignature.of(handle.signature);
    return handle;
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle h, String sql, long maxRowCount, int firstFrameRows, PrepareCallback callback)
      throws NoSuchStatementException {
    return RemoteSignature.of(
        super.prepareAndExecute(h, sql, maxRowCount, firstFrameRows, callback));
  }

  @Override
  public ExecuteResult execute(
      StatementHandle h, @Nullable List<TypedValue> parameters, int firstFrameRows)
      throws NoSuchStatementException {
    return RemoteSignature.of(super.execute(h, parameters, firstFrameRows));
  }

  @Override
  public ExecuteBatchResult executeBatchProtobuf(StatementHandle h, List<UpdateBatch> batches)
      throws NoSuchStatementException {
    List<List<TypedValue>> parameters = new ArrayList<>(batches.size());
    for (UpdateBatch batch : batches) {
      List<TypedValue> values = RemoteParameters.of(batch.getParameterValuesList());
      if (MetaImpl.checkParameterValueHasNull(values)) {
        throw new BindSqlException(ErrorCode.BAD_ARGUMENT, "a parameter of a batch is not set");
      }
      parameters.add(values);
    }
    return executeBatch(h, parameters);
  }

  /** Closes every connection of every client, with its statements. */
  void closeAll() {
    getStatementCache().invalidateAll();
    getConnectionCache().invalidateAll();
  }
}
