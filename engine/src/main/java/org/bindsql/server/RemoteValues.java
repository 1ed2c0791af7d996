package org.bindsql.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.avatica.AvaticaUtils;
import org.apache.calcite.avatica.util.DateTimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * A connection as Avatica's server needs it: values that its wire format has no form for are
 * replaced by ones that it has.
 *
 * <p>Avatica 1.28 fails on a NULL of a ROW type and on every MAP. So a ROW column calls itself
 * {@link Types#JAVA_OBJECT} here and gives the list of its fields, which {@link RemoteSignature}
 * announces to the client as a STRUCT again; and a MAP gives its text.
 */
final class RemoteValues implements InvocationHandler {
  /** Name of the type of a ROW column in Avatica's metadata. */
  static final String STRUCT = "STRUCT";

  private static final ThreadLocal<Calendar> LOCAL =
      ThreadLocal.withInitial(() -> Calendar.getInstance(Locale.ROOT));

  private final Object target;

  private RemoteValues(Object target) {
    this.target = target;
  }

  static Connection of(Connection connection) {
    return proxy(Connection.class, connection);
  }

  private static <T> T proxy(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            RemoteValues.class.getClassLoader(), new Class<?>[] {type}, new RemoteValues(target)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
      throws Throwable {
    Object result;
    try {
      result = method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
    return result == null ? null : onWire(method, result);
  }

  private @Nullable Object onWire(Method method, Object result) throws SQLException {
    // By declared type: one class of Avatica is both a PreparedStatement and a ParameterMetaData.
    Class<?> type = method.getReturnType();
    if (type == PreparedStatement.class
        || type == ResultSetMetaData.class
        || type == Array.class
        || (type == Statement.class && target instanceof Connection)
        || (type == ResultSet.class && target instanceof Statement)) {
      return proxy(type, result);
    }
    // Avatica asks for two columns, the index and the value; Calcite gives the value only.
    if (target instanceof Array && type == ResultSet.class) {
      throw new SQLFeatureNotSupportedException("result set of an array");
    }
    return switch (method.getName()) {
      case "getColumnType" -> result.equals(Types.STRUCT) ? Types.JAVA_OBJECT : result;
      case "getObject" -> onWire(result);
      case "getArray" -> elements(result);
      default -> result;
    };
  }

  private static @Nullable Object onWire(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Array array -> elements(array.getArray());
      case Struct struct -> elements(struct.getAttributes());
      case Map<?, ?> map -> map.toString();
      default -> value;
    };
  }

  private static List<@Nullable Object> elements(Object array) throws SQLException {
    List<@Nullable Object> elements = new ArrayList<>();
    List<?> values = array instanceof List<?> list ? list : AvaticaUtils.primitiveList(array);
    for (Object value : values) {
      elements.add(
          switch (value) {
            case Date date -> DateTimeUtils.sqlDateToUnixDate(date, LOCAL.get());
            case Time time -> DateTimeUtils.sqlTimeToUnixTime(time, LOCAL.get());
            case Timestamp at -> DateTimeUtils.sqlTimestampToUnixTimestamp(at, LOCAL.get());
            case null, default -> onWire(value);
          });
    }
    return elements;
  }
}
