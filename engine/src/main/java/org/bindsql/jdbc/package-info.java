/**
 * The JDBC driver: URL, connections, and the edge at which every failure becomes an SQLException.
 */
@NullMarked
package org.bindsql.jdbc;

import org.jspecify.annotations.NullMarked;
