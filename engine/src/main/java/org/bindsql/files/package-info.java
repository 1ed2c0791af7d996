/**
 * Files of rows outside the database: CSV, Parquet and Arrow IPC, read and written as batches.
 *
 * <p>The codecs are libraries; this package maps their columns, errors and memory to ours.
 */
@NullMarked
package org.bindsql.files;

import org.jspecify.annotations.NullMarked;
