package org.bindsql.lance.dataset;

/**
 * One version of a dataset, which never changes.
 *
 * @param location the dataset, or a branch of one
 */
public record DatasetVersion(Location location, Manifest manifest) {}
