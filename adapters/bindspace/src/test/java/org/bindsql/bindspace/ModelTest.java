package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.RootAllocator;
import org.bindsql.error.BindSqlException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations against a slow and simple model of nodes, tree, names and edges. */
class ModelTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int PARENT_OF = Verb.PARENT_OF.address();

  /** A node of the model; children are in order, newest first. */
  private static final class Node {
    int fill;
    @Nullable String label;
    @Nullable String path;
    int parent = -1;
    final List<Integer> children = new ArrayList<>();
  }

  private final TreeMap<Integer, Node> nodes = new TreeMap<>();
  private final TreeMap<String, Integer> names = new TreeMap<>();
  private final TreeMap<Long, Float> edges = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void randomOperationsAgreeWithTheModel(int round) {
    Random random = new Random(SEED + round);
    try (RootAllocator allocator = new RootAllocator();
        BindSpace space = new BindSpace(allocator)) {
      List<Snapshot> held = new ArrayList<>();
      for (int statement = 0; statement < 250; statement++) {
        space.batch(w -> {
          for (int i = random.nextInt(8); i >= 0; i--) {
            step(w, random);
          }
        });
        if (statement % 10 == 0) {
          try (Snapshot snapshot = space.snapshot()) {
            compare(snapshot, "seed " + (SEED + round) + ", statement " + statement);
          }
          held.add(space.snapshot());
          if (held.size() > 3) {
            held.remove(random.nextInt(held.size())).close();
          }
        }
      }
      held.forEach(Snapshot::close);
    }
  }

  private void step(BindWriter w, Random random) {
    // Few addresses in two chunks, so that operations meet.
    int a = 0x80F0 + random.nextInt(32);
    int b = 0x80F0 + random.nextInt(32);
    int fill = random.nextInt(256);
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        w.writeAt(a, Codes.filled(fill));
        nodes.computeIfAbsent(a, key -> new Node()).fill = fill;
      }
      case 2 -> {
        if (nodes.containsKey(a)) {
          w.replace(a, Codes.filled(fill), NodeValues.labeled("l" + fill));
          node(a).fill = fill;
          node(a).label = "l" + fill;
        }
      }
      case 3 -> {
        assertEquals(nodes.containsKey(a), w.delete(a));
        delete(a);
      }
      case 4, 5 -> {
        int verb = Verb.values()[random.nextInt(3)].address();
        boolean possible = nodes.containsKey(a) && nodes.containsKey(b);
        assertEquals(possible, succeeds(() -> w.link(a, verb, b, fill)));
        if (possible) {
          edges.put(key(a, verb, b), (float) fill);
        }
      }
      case 6 -> {
        int verb = Verb.values()[random.nextInt(3)].address();
        assertEquals(edges.remove(key(a, verb, b)) != null, w.unlink(a, verb, b));
      }
      case 7 -> {
        if (nodes.containsKey(a) && node(a).path == null && nodes.containsKey(b)) {
          boolean possible = node(a).parent == b || !isBelow(b, a);
          assertEquals(possible, succeeds(() -> w.setParent(a, b)), a + " below " + b);
          if (possible && node(a).parent != b) {
            detach(a);
            attach(a, b);
          }
        }
      }
      default -> {
        String path = "r" + random.nextInt(2) + (fill % 2 == 0 ? ":s" + fill % 5 : "");
        path = fill % 4 == 0 ? path + ":t" + fill % 3 : path;
        if (random.nextInt(3) == 0) {
          int addr = w.find(path);
          assertEquals(names.getOrDefault(path, -1), addr);
          if (addr >= 0) {
            w.delete(addr);
            delete(addr);
          }
        } else {
          w.writeDnPath(path, Codes.filled(fill), 0);
          name(w, path).fill = fill;
        }
      }
    }
  }

  /** The node of a path; new ones have the addresses that the space gave them. */
  private Node name(BindWriter w, String path) {
    Integer known = names.get(path);
    if (known != null) {
      return node(known);
    }
    int colon = path.lastIndexOf(':');
    if (colon >= 0) {
      name(w, path.substring(0, colon));
    }
    int addr = w.find(path);
    Node node = new Node();
    assertEquals(null, nodes.put(addr, node), "an address given twice");
    node.path = path;
    node.label = path.substring(colon + 1);
    node.fill = -1; // content hash of the label
    names.put(path, addr);
    if (colon >= 0) {
      attach(addr, Objects.requireNonNull(names.get(path.substring(0, colon))));
    }
    for (int orphan : new TreeSet<>(nodes.keySet())) {
      String other = node(orphan).path;
      if (other != null
          && node(orphan).parent < 0
          && other.startsWith(path + ":")
          && other.indexOf(':', path.length() + 1) < 0) {
        attach(orphan, addr);
      }
    }
    return node;
  }

  private void delete(int addr) {
    Node node = nodes.get(addr);
    if (node == null) {
      return;
    }
    for (int child : List.copyOf(node.children)) {
      detach(child);
    }
    detach(addr);
    if (node.path != null) {
      names.remove(node.path);
    }
    nodes.remove(addr);
    edges.keySet().removeIf(key -> key >>> 32 == addr || (key & 0xFFFF) == addr);
  }

  private void attach(int child, int parent) {
    node(child).parent = parent;
    node(parent).children.addFirst(child);
    edges.put(key(parent, PARENT_OF, child), 1f);
  }

  private void detach(int child) {
    int parent = node(child).parent;
    if (parent >= 0) {
      node(parent).children.remove((Integer) child);
      node(child).parent = -1;
      edges.remove(key(parent, PARENT_OF, child));
    }
  }

  private boolean isBelow(int addr, int top) {
    for (int at = addr; at >= 0; at = node(at).parent) {
      if (at == top) {
        return true;
      }
    }
    return false;
  }

  private Node node(int addr) {
    return Objects.requireNonNull(nodes.get(addr));
  }

  private void compare(Snapshot snapshot, String where) {
    assertEquals(nodes.size(), snapshot.size(Zone.NODE), where);
    assertEquals(edges.size(), snapshot.edgeCount(), where);
    for (Map.Entry<Integer, Node> entry : nodes.entrySet()) {
      Node expected = entry.getValue();
      BindNode found = Objects.requireNonNull(snapshot.read(entry.getKey()), where);
      assertArrayEquals(
          expected.fill < 0
              ? Vocabulary.codeOf(Objects.requireNonNull(expected.label))
              : Codes.filled(expected.fill),
          found.fingerprint(),
          where);
      assertEquals(expected.label, found.values().label(), where);
      assertEquals(expected.path, found.dnPath(), where);
      assertEquals(expected.parent, found.parent(), where);
      assertEquals(depth(entry.getKey()), found.depth(), where);
      assertArrayEquals(
          expected.children.stream().mapToInt(Integer::intValue).toArray(),
          snapshot.children(entry.getKey()),
          where);
      int previous = -1;
      for (int child : expected.children) {
        assertEquals(previous, Objects.requireNonNull(snapshot.read(child)).prevSibling(), where);
        previous = child;
      }
    }
    TreeMap<Long, Float> out = new TreeMap<>();
    TreeMap<Long, Float> in = new TreeMap<>();
    for (int addr : nodes.keySet()) {
      snapshot.edgesFrom(addr).forEach(e -> out.put(key(e.from(), e.verb(), e.to()), e.weight()));
      snapshot.edgesTo(addr).forEach(e -> in.put(key(e.from(), e.verb(), e.to()), e.weight()));
    }
    assertEquals(edges, out, where);
    assertEquals(edges, in, where);
    names.forEach((path, addr) -> assertEquals(addr, snapshot.find(path), where));
  }

  private int depth(int addr) {
    int parent = node(addr).parent;
    return parent < 0 ? 0 : depth(parent) + 1;
  }

  private static boolean succeeds(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (BindSqlException e) {
      return false;
    }
  }

  private static long key(int from, int verb, int to) {
    return (long) from << 32 | (long) verb << 16 | to;
  }
}
