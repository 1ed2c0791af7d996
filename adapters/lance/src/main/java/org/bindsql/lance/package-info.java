/**
 * Lance datasets as tables: a folder is a schema, every {@code NAME.lance} directory in it a table.
 *
 * <p>Only this package and those under it use {@code org.lance}; they do not depend on each other
 * in circles. The tables of a schema are here. The native library loads when the first table is
 * touched, never for a listing. Environment variables that Lance reads: with {@code
 * LANCE_IO_THREADS=1} scans hang for ever, so leave it unset or set it to 2 or more.
 */
@NullMarked
package org.bindsql.lance;

import org.jspecify.annotations.NullMarked;
