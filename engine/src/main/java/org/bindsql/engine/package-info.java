/** Database, session, catalog and planner assembly behind the JDBC driver. */
@NullMarked
package org.bindsql.engine;

import org.jspecify.annotations.NullMarked;
