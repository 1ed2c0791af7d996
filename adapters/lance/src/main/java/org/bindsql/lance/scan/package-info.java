/**
 * Reading the rows of an open version: scans, fetches of single rows, and the blocks of
 * fingerprints that searches read.
 */
@NullMarked
package org.bindsql.lance.scan;

import org.jspecify.annotations.NullMarked;
