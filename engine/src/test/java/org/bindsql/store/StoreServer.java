package org.bindsql.store;

import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** An S3 server in memory, reached through a {@link FaultyNetwork}. */
final class StoreServer implements AutoCloseable {
  static final String BUCKET = "bucket";
  static final String KEY_ID = "KEYID-CaNaRy17";
  static final String SECRET = "SECRET-CaNaRy17";

  private final S3Proxy server;
  final FaultyNetwork network;

  StoreServer() throws Exception {
    TransientNio2BlobStore store = new TransientNio2BlobStore();
    store.createContainer(BUCKET);
    server =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
            .build();
    server.start();
    network = new FaultyNetwork(server.getPort());
  }

  String endpoint() {
    return "http://127.0.0.1:" + network.port();
  }

  /** Properties of a connection to the database below a prefix. */
  Properties connection(String prefix) {
    Properties properties = new Properties();
    properties.setProperty("path", "s3://" + BUCKET + "/" + prefix);
    properties.setProperty("storage.endpoint", endpoint());
    properties.setProperty("storage.allow_http", "true");
    properties.setProperty("storage.key_id", KEY_ID);
    properties.setProperty("storage.secret", SECRET);
    return properties;
  }

  @Override
  public void close() throws Exception {
    network.close();
    server.stop();
  }
}
