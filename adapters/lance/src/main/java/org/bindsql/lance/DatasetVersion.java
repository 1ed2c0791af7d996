package org.bindsql.lance;

/**
 * One version of a dataset, which never changes.
 *
 * @param location the dataset, or a branch of one
 */
record DatasetVersion(Location location, Manifest manifest) {}
