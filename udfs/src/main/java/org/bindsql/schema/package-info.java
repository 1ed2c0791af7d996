/** The schema sidecar of a record, its predicates and its truth values. */
@NullMarked
package org.bindsql.schema;

import org.jspecify.annotations.NullMarked;
