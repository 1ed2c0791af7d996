package org.bindsql.model;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A table, or a branch of one; either is found by the name that SQL has for it.
 *
 * @param relation its newest state
 * @param life differs between tables that had the same name one after the other
 * @param commits grows with every change, of rows or otherwise
 * @param stable whether its rows keep their ids, which no change of the table changes
 * @param versions states by their version numbers, as far as they are known
 * @param tags the tags of a table and of its branches; a branch has none
 * @param origin the version with which a branch began; null for a table
 */
record Table(
    Relation relation,
    long life,
    long commits,
    boolean stable,
    NavigableMap<Long, Relation> versions,
    Map<String, Version> tags,
    Version origin) {

  /** A version of a table or of a branch. */
  record Version(String table, long number) {}

  Table with(Relation next) {
    return new Table(next, life, commits + 1, stable, versions, tags, origin);
  }

  /** The same in maps of its own, to be changed. */
  Table copy() {
    return new Table(
        relation, life, commits, stable, new TreeMap<>(versions), new HashMap<>(tags), origin);
  }

  /** The name of a branch in SQL. */
  static String branch(String table, String branch) {
    return '"' + table + ':' + branch + '"';
  }

  /** The table of a branch, or the table itself. */
  static String root(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(1, colon);
  }

  /** What a branch is called beside its table; "main" for a table. */
  static String branchOf(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? "main" : name.substring(colon + 1, name.length() - 1);
  }
}
