package org.bindsql.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.util.List;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.ProtobufTranslation;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.jspecify.annotations.Nullable;

/**
 * Runs serialized requests; every failure, an {@link Error} included, becomes an error response
 * with SQLState and message, without stack trace and class names.
 */
final class RemoteRequests extends ProtobufHandler {
  private final Service service;
  private final ProtobufTranslation translation;
  private @Nullable RpcMetadataResponse metadata;

  RemoteRequests(Service service) {
    this(service, new RemoteParameters());
  }

  private RemoteRequests(Service service, ProtobufTranslation translation) {
    super(service, translation, NoopMetricsSystem.getInstance());
    this.service = service;
    this.translation = translation;
  }

  @Override
  public void setRpcMetadata(RpcMetadataResponse metadata) {
    this.metadata = metadata;
    service.setRpcMetadata(metadata);
    super.setRpcMetadata(metadata);
  }

  @Override
  public HandlerResponse<byte[]> apply(byte[] request) {
    try {
      return super.apply(request);
    } catch (Error e) {
      // The planner fails by AssertionError and StackOverflowError on some statements.
      return reply(e);
    }
  }

  @Override
  public HandlerResponse<byte[]> convertToErrorResponse(Exception e) {
    return reply(e);
  }

  private HandlerResponse<byte[]> reply(Throwable e) {
    ErrorReply reply = ErrorReply.of(e);
    // The client needs a list of server exceptions, but it may be empty.
    ErrorResponse response =
        new ErrorResponse(
            List.of(),
            reply.message(),
            reply.vendorCode(),
            reply.sqlState(),
            AvaticaSeverity.ERROR,
            metadata);
    try {
      return new HandlerResponse<>(
          translation.serializeResponse(response), HttpURLConnection.HTTP_INTERNAL_ERROR);
    } catch (IOException io) {
      throw new UncheckedIOException(io);
    }
  }
}
