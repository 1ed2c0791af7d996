package org.bindsql.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The way to an HTTP server on this machine, on which requests get lost, are late or are answered
 * by somebody else. One connection carries one request.
 */
final class FaultyNetwork implements AutoCloseable {
  /** What happens to a request. */
  enum Fault {
    NONE,
    /** It takes 30 ms longer. */
    LATE,
    /** The answer is 503, and the server never sees the request. */
    BUSY,
    /** The connection breaks before the server sees the request. */
    LOST,
    /** The server does what is asked, and the connection breaks before its answer. */
    UNANSWERED
  }

  private final int target;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Function<String, Fault> faults = request -> Fault.NONE;

  FaultyNetwork(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Sets what happens to a request, given its first line: {@code PUT /bucket/key HTTP/1.1}. */
  void faults(Function<String, Fault> by) {
    faults = by;
  }

  /** The first lines of the requests since the last call. */
  List<String> requests() {
    List<String> seen = List.copyOf(requests);
    requests.clear();
    return seen;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      byte[] body = in.readNBytes(length(head));
      String line = head.lines().findFirst().orElse("");
      requests.add(line);
      Fault fault = faults.apply(line);
      switch (fault) {
        case LATE -> Thread.sleep(30);
        case BUSY -> {
          client
              .getOutputStream()
              .write(
                  "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
          return;
        }
        case LOST -> {
          return;
        }
        default -> {}
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
        OutputStream out = server.getOutputStream();
        // The last line of the head is empty: another header goes before it.
        out.write(
            (head.substring(0, head.length() - 2) + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
        byte[] answer = server.getInputStream().readAllBytes();
        if (fault != Fault.UNANSWERED) {
          client.getOutputStream().write(answer);
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client gave up, or the test is over.
    }
  }

  /** First line and headers, with the empty line. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
      if (newlines == 2) {
        break;
      }
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int length(String head) {
    return head.lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
