package org.bindsql.lance.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table, as the newest version has it.
 *
 * @param name its name, unique in the table
 * @param columns the columns it is over, in order
 * @param type the name of its {@link IndexKind}, or Lance's name of another kind
 * @param rowsIndexed rows that it covers
 * @param rowsUnindexed rows that came later: a query that uses the index scans them as well
 * @param segments parts that a lookup visits one by one
 * @param details more about it as JSON, or null
 */
public record LanceIndex(
    String name,
    List<String> columns,
    String type,
    long rowsIndexed,
    long rowsUnindexed,
    int segments,
    @Nullable String details) {}
