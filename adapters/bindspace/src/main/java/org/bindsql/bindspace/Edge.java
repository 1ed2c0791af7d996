package org.bindsql.bindspace;

/**
 * Directed, weighted relation between two nodes.
 *
 * @param from address of the source
 * @param verb address of the verb
 * @param to address of the target
 * @param weight any finite number
 */
public record Edge(int from, int verb, int to, float weight) {}
