package org.bindsql.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Common.WireMessage;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service.ExecuteRequest;
import org.apache.calcite.avatica.remote.Service.Request;
import org.apache.calcite.avatica.remote.TypedValue;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests such that binary parameters are the bytes that the client's program gave.
 *
 * <p>Avatica 1.28 carries bytes as base64 text, and unpacks whatever looks like a gzip stream when
 * it decodes that: the client before it sends the bytes, the server when it gives them to the
 * statement. The client sends the text as well, which is still right. So that text is decoded here,
 * and the value is handed on as an object, which Avatica passes through.
 */
final class RemoteParameters extends ProtobufTranslationImpl {
  @Override
  public Request parseRequest(byte[] bytes) throws IOException {
    Request request = super.parseRequest(bytes);
    return request instanceof ExecuteRequest execute && hasBytes(execute.parameterValues)
        ? new ExecuteRequest(execute.statementHandle, parameters(bytes), execute.maxRowCount)
        : request;
  }

  private static boolean hasBytes(@Nullable List<@Nullable TypedValue> values) {
    return values != null && values.stream().anyMatch(v -> v != null && v.type == Rep.BYTE_STRING);
  }

  private static List<@Nullable TypedValue> parameters(byte[] request) throws IOException {
    WireMessage message = WireMessage.parseFrom(request);
    return of(
        Requests.ExecuteRequest.parseFrom(message.getWrappedMessage()).getParameterValuesList());
  }

  /** The values of a statement's parameters; null for one that was not set. */
  static List<@Nullable TypedValue> of(List<Common.TypedValue> sent) {
    List<@Nullable TypedValue> values = new ArrayList<>(sent.size());
    for (Common.TypedValue value : sent) {
      values.add(TypedValue.PROTO_IMPLICIT_NULL.equals(value) ? null : of(value));
    }
    return values;
  }

  private static TypedValue of(Common.TypedValue sent) {
    if (sent.getType() != Common.Rep.BYTE_STRING) {
      return TypedValue.fromProto(sent);
    }
    return sent.getNull() ? TypedValue.EXPLICIT_NULL : TypedValue.ofSerial(Rep.OBJECT, bytes(sent));
  }

  private static byte[] bytes(Common.TypedValue sent) {
    if (sent.getStringValue().isEmpty()) {
      return sent.getBytesValue().toByteArray(); // clients in other languages send no text
    }
    try {
      return Base64.getDecoder().decode(sent.getStringValue());
    } catch (IllegalArgumentException e) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "a binary parameter is not base64: " + e.getMessage(), e);
    }
  }
}
