package org.bindsql.jdbc;

/** The outside of a JDBC object whose answers we leave as they are. */
final class PlainEdge extends Edge {
  PlainEdge(Object inner) {
    super(inner);
  }
}
