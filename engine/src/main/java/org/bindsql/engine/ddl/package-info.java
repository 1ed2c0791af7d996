/**
 * CREATE, ALTER and DROP of schemas, tables, views and indexes, and the column types and options
 * that they write.
 */
@NullMarked
package org.bindsql.engine.ddl;

import org.jspecify.annotations.NullMarked;
