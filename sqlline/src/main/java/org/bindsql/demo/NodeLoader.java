package org.bindsql.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.bindsql.bindspace.BindSpace;
import org.bindsql.bindspace.BindWriter;
import org.bindsql.bindspace.NodeValues;
import org.bindsql.schema.NeighborBloom;
import org.bindsql.schema.SchemaField;
import org.bindsql.schema.SchemaSidecar;
import org.bindsql.schema.Truth;

/**
 * Puts a graph of types into BindSpace: a node for each, below its package or the type around it,
 * and edges to what it extends and implements.
 *
 * <p>The schema sidecar holds: node kind (entity for a class, concept for an interface or abstract
 * class, event for an exception, rule for an annotation), subtype (0 class, 1 interface, 2 enum, 3
 * record, 4 annotation), degrees and PageRank in the graph of mentions (PageRank scaled so that the
 * greatest is 65535), cluster (number of the package in alphabetical order, from 1), hops to the
 * root of the name tree, a Bloom filter of the addresses its edges lead to and come from, and as
 * truth value how much it is used: frequency is 1 unless it is deprecated, confidence n/(n+1) for n
 * types that mention it.
 */
final class NodeLoader {
  /** Addresses of the verbs, in the part of the surface that applications may write. */
  static final int EXTENDS = 0x0C00;

  static final int IMPLEMENTS = 0x0C01;

  private static final int ENTITY = 0;
  private static final int CONCEPT = 1;
  private static final int EVENT = 2;
  private static final int RULE = 3;

  private final TypeGraph graph;
  private final byte[][] fingerprints;
  private final Function<String, byte[]> fingerprint;

  /**
   * Prepares the nodes.
   *
   * @param fingerprint makes 2,048 bytes of a text; called by several threads
   */
  NodeLoader(TypeGraph graph, Function<String, byte[]> fingerprint) {
    this.graph = graph;
    this.fingerprint = fingerprint;
    this.fingerprints =
        graph.types().parallelStream()
            .map(type -> fingerprint.apply(text(type)))
            .toArray(byte[][]::new);
  }

  /** Words of a type and of what it extends and implements. */
  static String text(ApiType type) {
    List<String> words = new ArrayList<>(Words.ofName(type.className()));
    words.addAll(Words.ofName(type.packageName()));
    if (type.superclass() != null && !type.superclass().equals("java/lang/Object")) {
      words.addAll(Words.ofName(ClassReader.simpleName(type.superclass())));
    }
    type.interfaces().forEach(name -> words.addAll(Words.ofName(ClassReader.simpleName(name))));
    return String.join(" ", words);
  }

  /** Distinguished name of a type: {@code java:util:Map:Entry}. */
  static String dnPath(ApiType type) {
    return (type.packageName() + "." + type.className()).replace('.', ':');
  }

  /** Writes all nodes and edges as one statement and returns the number of types. */
  int load(BindSpace space) {
    return space.write(this::load);
  }

  private int load(BindWriter writer) {
    List<ApiType> types = graph.types();
    verb(writer, EXTENDS, "EXTENDS");
    verb(writer, IMPLEMENTS, "IMPLEMENTS");
    int[] addresses = new int[types.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = writer.writeDnPath(dnPath(types.get(i)), fingerprints[i], 0);
    }
    List<List<Integer>> neighbors = new ArrayList<>();
    types.forEach(type -> neighbors.add(new ArrayList<>()));
    for (int i = 0; i < addresses.length; i++) {
      ApiType type = types.get(i);
      boolean isInterface =
          type.form() == ApiType.Form.INTERFACE || type.form() == ApiType.Form.ANNOTATION;
      if (type.superclass() != null) {
        link(writer, EXTENDS, i, graph.numbersOf(List.of(type.superclass())), addresses, neighbors);
      }
      int verb = isInterface ? EXTENDS : IMPLEMENTS;
      link(writer, verb, i, graph.numbersOf(type.interfaces()), addresses, neighbors);
    }
    double[] rank = graph.pageRank();
    double greatest = Arrays.stream(rank).max().orElse(1);
    List<String> packages = types.stream().map(ApiType::packageName).sorted().distinct().toList();
    for (int i = 0; i < addresses.length; i++) {
      SchemaSidecar sidecar = SchemaSidecar.of(fingerprints[i]).initialize();
      describe(sidecar, i, 1 + Collections.binarySearch(packages, types.get(i).packageName()));
      sidecar.set(SchemaField.PAGERANK, (int) Math.round(rank[i] / greatest * 65535));
      for (int neighbor : neighbors.get(i)) {
        NeighborBloom.add(sidecar, addresses[neighbor]);
      }
      writer.writeAt(addresses[i], fingerprints[i]);
    }
    return addresses.length;
  }

  private void verb(BindWriter writer, int address, String label) {
    writer.replace(address, fingerprint.apply(label), NodeValues.labeled(label));
  }

  private static void link(
      BindWriter writer,
      int verb,
      int from,
      int[] targets,
      int[] addresses,
      List<List<Integer>> neighbors) {
    for (int to : targets) {
      writer.link(addresses[from], verb, addresses[to], 1);
      neighbors.get(from).add(to);
      neighbors.get(to).add(from);
    }
  }

  private void describe(SchemaSidecar sidecar, int number, int cluster) {
    ApiType type = graph.types().get(number);
    int in = graph.inDegree(number);
    int out = graph.outDegree(number);
    int hops = (int) dnPath(type).chars().filter(c -> c == ':').count();
    sidecar
        .setTruth(new Truth(type.deprecated() ? 0 : 1, in / (in + 1.0)))
        .set(SchemaField.NODE_KIND, kind(type))
        .set(SchemaField.NODE_SUBTYPE, type.form().ordinal())
        .set(SchemaField.CLUSTER_ID, cluster)
        .set(SchemaField.HOP_TO_ROOT, Math.min(255, hops))
        .set(SchemaField.DEGREE, Math.min(255, in + out))
        .set(SchemaField.IN_DEGREE, Math.min(255, in))
        .set(SchemaField.OUT_DEGREE, Math.min(255, out));
  }

  private static int kind(ApiType type) {
    if (type.form() == ApiType.Form.ANNOTATION) {
      return RULE;
    } else if (type.simpleName().endsWith("Exception") || type.simpleName().endsWith("Error")) {
      return EVENT;
    }
    return type.isAbstract() ? CONCEPT : ENTITY;
  }
}
