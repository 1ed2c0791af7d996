package org.bindsql.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.apache.calcite.avatica.server.AvaticaHandler;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * HTTP side of the server: one POST, one protobuf request, one protobuf response.
 *
 * <p>Takes the place of Avatica's {@code AvaticaProtobufHandler}, which reads bodies of any length
 * and lets an {@link Error} through to Jetty's HTML error page.
 */
final class RemoteEndpoint extends AbstractHandler implements AvaticaHandler {
  private final RemoteRequests requests;
  private final int maxRequestBytes;
  private final AtomicBoolean closing = new AtomicBoolean();

  RemoteEndpoint(Service service, int maxRequestBytes) {
    this.requests = new RemoteRequests(service);
    this.maxRequestBytes = maxRequestBytes;
  }

  /** Answers every later request with an error; false if that was already so. */
  boolean refuseRequests() {
    return closing.compareAndSet(false, true);
  }

  @Override
  public void handle(
      String target, Request baseRequest, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    baseRequest.setHandled(true);
    if (!"POST".equals(request.getMethod())) {
      refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "POST only");
      return;
    }
    // A JDBC client sends no Origin; a web page in the browser of this machine's user cannot leave
    // it out. Without this check any page could run SQL on a server that listens on 127.0.0.1.
    if (request.getHeader("Origin") != null) {
      refuse(response, HttpServletResponse.SC_FORBIDDEN, "not for web pages");
      return;
    }
    HandlerResponse<byte[]> answer = answer(request);
    response.setContentType("application/octet-stream");
    response.setStatus(answer.getStatusCode());
    response.getOutputStream().write(answer.getResponse());
  }

  private HandlerResponse<byte[]> answer(HttpServletRequest request) throws IOException {
    // Not HTTP 503: the stock client would repeat the request for ever.
    if (closing.get()) {
      return requests.convertToErrorResponse(
          new BindSqlException(ErrorCode.CANCELLED, "the server is shutting down"));
    }
    byte[] body = request.getInputStream().readNBytes(maxRequestBytes + 1);
    if (body.length > maxRequestBytes) {
      return requests.convertToErrorResponse(
          new BindSqlException(
              ErrorCode.LIMIT_REACHED,
              "request of more than " + maxRequestBytes + " bytes; send fewer rows at a time"));
    }
    return requests.apply(body);
  }

  private static void refuse(HttpServletResponse response, int status, String why)
      throws IOException {
    response.setStatus(status);
    response.setContentType("text/plain");
    response.getOutputStream().write((why + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void setServerRpcMetadata(RpcMetadataResponse metadata) {
    requests.setRpcMetadata(metadata);
  }
}
