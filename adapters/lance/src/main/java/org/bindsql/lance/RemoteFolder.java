package org.bindsql.lance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.TableNames;
import org.bindsql.lance.jni.LanceErrors;
import org.jspecify.annotations.Nullable;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

/**
 * What a statement has learnt of a folder in an object store, where every question is a request
 * over the network: asked once, answered alike until {@link #forget}.
 */
final class RemoteFolder {
  private final Location location;
  private final LanceSession session;
  private final ConcurrentMap<String, Optional<Manifest>> newest = new ConcurrentHashMap<>();
  private volatile @Nullable NavigableSet<String> names;

  RemoteFolder(Location location, LanceSession session) {
    this.location = location;
    this.session = session;
  }

  /** Has the next questions asked anew. */
  void forget() {
    newest.clear();
    names = null;
  }

  /** The newest version of the table of that name, or null if there is no such table. */
  @Nullable Manifest newest(String name) {
    return newest
        .computeIfAbsent(
            name, n -> Optional.ofNullable(session.find(TableNames.locate(location, n))))
        .orElse(null);
  }

  /** Names of the tables; none if there is nothing under the prefix. */
  NavigableSet<String> names() {
    NavigableSet<String> known = names;
    if (known == null) {
      known = list();
      names = known;
    }
    return known;
  }

  private NavigableSet<String> list() {
    session.load();
    Map<String, String> properties = new HashMap<>();
    properties.put("root", location.uri());
    properties.put("manifest_enabled", "false"); // else it keeps a table of tables of its own
    properties.put("dir_listing_enabled", "true");
    location.storageOptions().forEach((key, value) -> properties.put("storage." + key, value));
    NavigableSet<String> found = new TreeSet<>();
    try (DirectoryNamespace folder = new DirectoryNamespace()) {
      folder.initialize(properties, session.allocator());
      String token = null;
      do {
        ListTablesRequest request = new ListTablesRequest().id(List.of()).pageToken(token);
        ListTablesResponse page = folder.listTables(request);
        found.addAll(page.getTables());
        token = page.getPageToken();
      } while (token != null && !token.isEmpty());
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate("list of tables in " + location, e);
    }
    found.removeIf(name -> !TableNames.isSafe(name));
    return found;
  }
}
