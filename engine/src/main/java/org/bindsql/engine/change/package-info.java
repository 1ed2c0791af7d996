/**
 * Changes of rows: UPDATE, DELETE, MERGE and ON CONFLICT rewritten as one INSERT, transactions, and
 * another try after a lost race.
 */
@NullMarked
package org.bindsql.engine.change;

import org.jspecify.annotations.NullMarked;
