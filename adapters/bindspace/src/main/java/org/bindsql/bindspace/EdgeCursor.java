package org.bindsql.bindspace;

/** Walk over the edges that pass a filter, ascending by (source, verb, target). */
final class EdgeCursor {
  private final BindView view;
  private final EdgeFilter.Wanted wanted;
  private int source = -1;
  private EdgeList edges = EdgeList.EMPTY;
  private int at;

  EdgeCursor(BindView view, EdgeFilter.Wanted wanted) {
    this.view = view;
    this.wanted = wanted;
  }

  /** Goes to the next edge; returns whether there is one. */
  boolean next() {
    at++;
    while (true) {
      for (; at < edges.size(); at++) {
        if (wanted.verbs().contains(verb()) && wanted.targets().contains(target())) {
          return true;
        }
      }
      if (!nextSource()) {
        return false;
      }
    }
  }

  private boolean nextSource() {
    at = 0;
    edges = EdgeList.EMPTY;
    for (source++; source < Addresses.COUNT; source++) {
      if (Addresses.slot(source) == 0) {
        int prefix = Addresses.prefix(source);
        if (view.chunk(prefix) == null || wanted.sources().isEmpty(prefix)) {
          source += Addresses.SLOTS - 1;
          continue;
        }
      }
      if (wanted.sources().contains(source) && view.out(source).size() > 0) {
        edges = view.out(source);
        return true;
      }
    }
    return false;
  }

  int source() {
    return source;
  }

  int verb() {
    return edges.verb(at);
  }

  int target() {
    return edges.other(at);
  }

  float weight() {
    return edges.weight(at);
  }
}
