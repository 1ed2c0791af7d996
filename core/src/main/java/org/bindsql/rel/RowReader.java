package org.bindsql.rel;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.RelNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.ArrowMemory;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an ARROW rel as Enumerable wants them: the value itself if there is one column, else an
 * Object[], each value in the form of {@link org.bindsql.type.CellReader}.
 *
 * <p>Constructed by the code that {@link ArrowToEnumerable} generates. Each enumerator runs the rel
 * anew with an {@link ExecutionContext} of its own, from the application's {@link
 * ExecutionContext.Source} if its DataContext holds one.
 */
public final class RowReader extends AbstractEnumerable<@Nullable Object> {
  private final DataContext root;
  private final ArrowRel rel;

  /** Creates the rows of {@code rel}, which must be an {@link ArrowRel}. */
  public RowReader(DataContext root, RelNode rel) {
    this.root = root;
    this.rel = (ArrowRel) rel;
  }

  @Override
  public Enumerator<@Nullable Object> enumerator() {
    return new RowEnumerator(rel, openContext(root));
  }

  /** A context from the application's Source, or a default one; its allocator is to be closed. */
  static ExecutionContext openContext(DataContext root) {
    Object source = root.get(ExecutionContext.Source.VARIABLE);
    return source instanceof ExecutionContext.Source supplied
        ? supplied.open(root::get)
        : ExecutionContext.of(ProcessMemory.child(), root::get);
  }

  /** Memory of applications that supply none; made at the first use. */
  private static final class ProcessMemory {
    private static final BufferAllocator ROOT = ArrowMemory.root();

    static BufferAllocator child() {
      return ROOT.newChildAllocator("statement", 0, Long.MAX_VALUE);
    }
  }
}
