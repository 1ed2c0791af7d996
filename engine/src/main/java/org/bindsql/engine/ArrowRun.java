package org.bindsql.engine;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.BatchReader;

/**
 * A run of an {@link ArrowQuery}.
 *
 * @param schema the columns of the result
 * @param batches the result; owns all that the run needs
 * @param allocator memory of the run, for what is made of the batches; closed with them
 */
public record ArrowRun(Schema schema, BatchReader batches, BufferAllocator allocator) {}
