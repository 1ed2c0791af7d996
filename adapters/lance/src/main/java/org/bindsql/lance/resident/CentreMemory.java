package org.bindsql.lance.resident;

import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.Centres;

/** Centres in off-heap memory, freed when the last of those who use them has let them go. */
final class CentreMemory implements AutoCloseable {
  private final OffHeapBlock block;
  private final Centres centres;
  private int users = 1;

  private CentreMemory(OffHeapBlock block, Centres centres) {
    this.block = block;
    this.centres = centres;
  }

  /** Copies centres; the caller is the first user. */
  static CentreMemory copyOf(Centres centres, BufferAllocator counter) {
    long bytes = (long) centres.count() * centres.codes().width();
    OffHeapBlock block = OffHeapBlock.allocate(counter, bytes);
    return new CentreMemory(block, centres.copyTo(block.memory()));
  }

  Centres centres() {
    return centres;
  }

  /** Another user, who must {@link #close} them, too. */
  synchronized CentreMemory share() {
    if (users == 0) {
      throw new IllegalStateException("the centres are freed");
    }
    users++;
    return this;
  }

  @Override
  public synchronized void close() {
    users--;
    if (users == 0) {
      block.close();
    }
  }
}
