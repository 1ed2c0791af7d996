/**
 * Database and session behind the JDBC driver, and the way of a statement from text to result:
 * {@link org.bindsql.engine.Statements} sends each kind to its topic, a package of its own under
 * this one; {@link org.bindsql.engine.BindPrepare} plans queries.
 */
@NullMarked
package org.bindsql.engine;

import org.jspecify.annotations.NullMarked;
