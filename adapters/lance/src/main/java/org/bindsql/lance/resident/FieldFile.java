package org.bindsql.lance.resident;

import org.jspecify.annotations.Nullable;

/**
 * The values of one field in one data file. Both never change, and no other file gets the name.
 *
 * @param base number of the dataset that has the file, or null if it is the table's own
 * @param path the file's name in the dataset's folder of data
 * @param bytes size of the file, or -1 if Lance does not know it
 * @param field Lance's number of the field
 */
record FieldFile(@Nullable Integer base, String path, long bytes, int field) {}
