package org.bindsql.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which types mention which: a type refers to its supertypes and to every type in its public and
 * protected declarations.
 */
final class TypeGraph {
  private static final double DAMPING = 0.85;
  private static final int ITERATIONS = 40;

  private final List<ApiType> types;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[][] targets;
  private final int[] inDegree;

  /** Creates the graph of the given types; what they mention beside each other is left out. */
  TypeGraph(List<ApiType> types) {
    this.types = types;
    for (int i = 0; i < types.size(); i++) {
      numbers.put(types.get(i).binaryName(), i);
    }
    targets = new int[types.size()][];
    inDegree = new int[types.size()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = numbersOf(types.get(i).references());
      for (int target : targets[i]) {
        inDegree[target]++;
      }
    }
  }

  List<ApiType> types() {
    return types;
  }

  /** Number of a type by internal name, if it is in the graph. */
  OptionalInt number(String binaryName) {
    Integer number = numbers.get(binaryName);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** How many types a type mentions. */
  int outDegree(int type) {
    return targets[type].length;
  }

  /** How many types mention a type. */
  int inDegree(int type) {
    return inDegree[type];
  }

  /** Numbers of the types that are in the graph, in the order given. */
  int[] numbersOf(Iterable<String> names) {
    List<Integer> found = new ArrayList<>();
    for (String name : names) {
      Integer number = numbers.get(name);
      if (number != null) {
        found.add(number);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * PageRank of every type, adding up to 1, by power iteration with damping 0.85: the probability
   * that a reader who keeps looking up a mentioned type, and sometimes starts anew, is at the type.
   * A type that mentions none is followed by any, all equally likely.
   *
   * <p>Brin and Page, "The anatomy of a large-scale hypertextual web search engine", 1998.
   */
  double[] pageRank() {
    int n = types.size();
    double[] rank = new double[n];
    Arrays.fill(rank, n == 0 ? 0 : 1.0 / n);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double dangling = 0;
      double[] next = new double[n];
      for (int i = 0; i < n; i++) {
        if (targets[i].length == 0) {
          dangling += rank[i];
        }
        for (int target : targets[i]) {
          next[target] += DAMPING * rank[i] / targets[i].length;
        }
      }
      double base = (1 - DAMPING + DAMPING * dangling) / n;
      for (int i = 0; i < n; i++) {
        next[i] += base;
      }
      rank = next;
    }
    return rank;
  }
}
