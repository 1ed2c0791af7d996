/**
 * One run of a statement: values of parameters, the batches or rows of its result, row limits,
 * counters and cancelling.
 */
@NullMarked
package org.bindsql.engine.run;

import org.jspecify.annotations.NullMarked;
