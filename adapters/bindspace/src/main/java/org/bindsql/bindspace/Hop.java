package org.bindsql.bindspace;

/**
 * Node reached by a traversal.
 *
 * @param hop least number of edges from the start, at least 1
 * @param addr address of the node
 */
public record Hop(int hop, int addr) {}
