/** CREATE, REPLACE, DROP and ALTER of tables, and of the folders that are schemas. */
@NullMarked
package org.bindsql.lance.ddl;

import org.jspecify.annotations.NullMarked;
