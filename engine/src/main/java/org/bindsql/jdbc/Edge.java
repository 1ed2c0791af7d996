package org.bindsql.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The outside of a JDBC object: every call passes through here, so that every failure, whatever its
 * type below, leaves as an SQLException with SQLState.
 *
 * <p>A proxy rather than hundreds of delegating methods: it cannot miss one.
 */
abstract class Edge implements InvocationHandler {
  private final Object inner;

  Edge(Object inner) {
    this.inner = inner;
  }

  /** The outside of an object as the given JDBC interface. */
  static <T> T wrap(Class<T> type, Edge edge) {
    return type.cast(
        Proxy.newProxyInstance(Edge.class.getClassLoader(), new Class<?>[] {type}, edge));
  }

  @Override
  public final @Nullable Object invoke(
      Object self, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    @Nullable Object[] values = arguments == null ? new Object[0] : arguments;
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> self == values[0];
        case "hashCode" -> System.identityHashCode(self);
        default -> inner.toString();
      };
    }
    try {
      return switch (method.getName()) {
        case "unwrap" -> unwrap(self, method, values);
        case "isWrapperFor" ->
            ((Class<?>) values[0]).isInstance(self) || Boolean.TRUE.equals(pass(method, values));
        default -> call(self, method, values);
      };
    } catch (SQLException | RuntimeException | Error e) {
      throw failure(e);
    }
  }

  private @Nullable Object unwrap(Object self, Method method, @Nullable Object[] values)
      throws SQLException {
    return ((Class<?>) values[0]).isInstance(self) ? self : pass(method, values);
  }

  /** Answers a call; overridden where we answer otherwise than Avatica. */
  @Nullable Object call(Object self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    return pass(method, arguments);
  }

  /** The SQLException for a failure of a call. */
  SQLException failure(Throwable failure) {
    return SqlErrors.of(failure);
  }

  /** Passes a call on to the object inside. */
  final @Nullable Object pass(Method method, @Nullable Object... arguments) throws SQLException {
    try {
      return method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      switch (cause) {
        case SQLException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new SQLException(cause);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
