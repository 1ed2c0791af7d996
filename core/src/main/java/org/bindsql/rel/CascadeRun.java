package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeWorker;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader.Partition;
import org.jspecify.annotations.Nullable;

/**
 * Partitions worked off by as many threads as there are workers, the caller's thread among them.
 *
 * <p>All threads have ended, and all partitions are closed, when {@link #run} returns or throws.
 */
final class CascadeRun {
  private final List<Partition> partitions;
  private final ExecutionContext context;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  CascadeRun(List<Partition> partitions, ExecutionContext context) {
    this.partitions = partitions;
    this.context = context;
  }

  /**
   * Searches all partitions.
   *
   * @param filters one for each worker
   * @throws RuntimeException the first failure of any thread
   */
  void run(List<CascadeWorker> workers, List<BlockFilter> filters) {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 1; i < workers.size(); i++) {
        CascadeWorker worker = workers.get(i);
        BlockFilter filter = filters.get(i);
        threads.add(
            Thread.ofPlatform()
                .name("bindsql-cascade-" + i)
                .daemon()
                .start(() -> work(worker, filter)));
      }
      work(workers.getFirst(), filters.getFirst());
    } catch (Throwable e) { // a thread that could not be started, for one
      failure.compareAndSet(null, e);
    } finally {
      threads.forEach(this::join);
      closeUnread();
    }
    Throwable first = failure.get();
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  private void work(CascadeWorker worker, BlockFilter filter) {
    try {
      for (int i = next.getAndIncrement(); i < partitions.size(); i = next.getAndIncrement()) {
        try (Partition partition = partitions.get(i)) {
          for (CodeBlock block = partition.next(); block != null; block = partition.next()) {
            if (failure.get() != null) {
              return;
            }
            context.checkCancelled();
            worker.search(block, filter);
          }
        }
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        failure.compareAndSet(
            null, new BindSqlException(ErrorCode.CANCELLED, "statement interrupted", e));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeUnread() {
    for (int i = next.get(); i < partitions.size(); i++) {
      try {
        partitions.get(i).close();
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      }
    }
  }
}
