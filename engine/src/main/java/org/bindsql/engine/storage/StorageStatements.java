package org.bindsql.engine.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.bindsql.engine.Session;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.dataset.Location;
import org.bindsql.parser.SqlAttach;
import org.bindsql.parser.SqlCreateSecret;
import org.bindsql.parser.SqlDetach;
import org.bindsql.parser.SqlDropSecret;
import org.jspecify.annotations.Nullable;

/**
 * The work of ATTACH, DETACH, CREATE SECRET and DROP SECRET. No message shows an option's value.
 */
public final class StorageStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public StorageStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /** Makes a folder of datasets a schema of the session. */
  public long attach(SqlAttach attach) {
    String name = attach.name();
    if (session.hasSchema(name)) {
      if (attach.ifNotExists()) {
        return 0;
      }
      throw new BindSqlException(ErrorCode.SCHEMA_EXISTS, "schema '" + name + "' exists");
    }
    Map<String, String> options = options("ATTACH", attach.options());
    String type = options.getOrDefault("type", "lance");
    options.remove("type");
    boolean readOnly =
        attach.readOnly() | flag(options.remove("read_only")) | session.storage().readOnly();
    if (!type.equalsIgnoreCase("lance")) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "ATTACH: no such TYPE is supported; expected lance");
    }
    session.attach(lance(attach, options, readOnly), context.getMutableRootSchema());
    return 0;
  }

  private Attachment lance(SqlAttach attach, Map<String, String> options, boolean readOnly) {
    Location location =
        session.storage().locate(attach.place(), options, session.secrets(), !readOnly);
    if (location.uri().toLowerCase(Locale.ROOT).endsWith(".lance")) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "'" + location + "' is a table; attach the folder in which it lies");
    }
    Path path = location.path();
    if (path != null && (Files.exists(path) ? !Files.isDirectory(path) : readOnly)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "there is no folder '" + location + "' to attach");
    }
    LanceSchema schema =
        new LanceSchema(readOnly ? location.asReadOnly() : location, session.database().lance());
    // Lists the tables, so that a wrong bucket or credential fails here.
    schema.tables().getNames(LikePattern.any());
    return new Attachment(attach.name(), "lance", location.toString(), readOnly, schema);
  }

  /** Takes an attached schema away; its tables stay where they are. */
  public long detach(SqlDetach detach) {
    if (!session.detach(detach.name(), context.getMutableRootSchema()) && !detach.ifExists()) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_SCHEMA, "no schema '" + detach.name() + "' is attached");
    }
    return 0;
  }

  /** Adds a secret to the session. */
  public long createSecret(SqlCreateSecret create) {
    Map<String, String> options = options("CREATE SECRET", create.options());
    boolean created =
        session.secrets().create(create.name(), options, session.storage(), create.getReplace());
    if (!created && !create.ifNotExists()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "secret '" + create.name() + "' exists; say OR REPLACE");
    }
    return 0;
  }

  /** Removes a secret; what was attached with it stays attached. */
  public long dropSecret(SqlDropSecret drop) {
    if (!session.secrets().drop(drop.name()) && !drop.ifExists()) {
      throw new BindSqlException(ErrorCode.BAD_ARGUMENT, "no secret '" + drop.name() + "'");
    }
    return 0;
  }

  private static boolean flag(@Nullable String value) {
    if (value == null || value.equalsIgnoreCase("false")) {
      return false;
    }
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    throw new BindSqlException(ErrorCode.BAD_ARGUMENT, "READ_ONLY takes true or false");
  }

  /** Options by name in lower case, as text. */
  private static Map<String, String> options(String statement, SqlNodeList list) {
    Map<String, String> options = new LinkedHashMap<>();
    for (SqlNode node : list) {
      SqlCall option = (SqlCall) node;
      SqlIdentifier identifier = option.operand(0);
      String name = String.join(".", identifier.names).toLowerCase(Locale.ROOT);
      String value = text(option.operand(1));
      if (value == null) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, statement + ": option '" + name + "' is NULL");
      }
      if (options.put(name, value) != null) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, statement + ": option '" + name + "' is given twice");
      }
    }
    return options;
  }

  private static @Nullable String text(SqlNode value) {
    return value instanceof SqlLiteral literal
        ? literal.toValue()
        : String.join(".", ((SqlIdentifier) value).names);
  }
}
