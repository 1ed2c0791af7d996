/**
 * Changes of rows: data files, deletion files, key checks, the commits that make them a version,
 * and transactions.
 */
@NullMarked
package org.bindsql.lance.write;

import org.jspecify.annotations.NullMarked;
