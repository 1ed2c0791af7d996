/**
 * Versions, tags, branches and earlier times of tables: statements, system tables, and FOR
 * SYSTEM_TIME with a parameter.
 */
@NullMarked
package org.bindsql.engine.history;

import org.jspecify.annotations.NullMarked;
