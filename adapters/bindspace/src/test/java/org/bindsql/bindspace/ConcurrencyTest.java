package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.BatchTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.junit.jupiter.api.Test;

/** Readers and writers at the same time: every reader sees some whole number of statements. */
class ConcurrencyTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int ACCOUNTS = 600;
  private static final long TOTAL = ACCOUNTS * 1000L;

  @Test
  void everySnapshotBalances() throws Exception {
    try (RootAllocator allocator = new RootAllocator();
        BindSpace space = new BindSpace(allocator)) {
      space.batch(w -> {
        for (int i = 0; i < ACCOUNTS; i++) {
          w.write(Zone.NODE, Codes.filled(1000), NodeValues.DEFAULT.withAccessCount(1000));
        }
      });
      AtomicInteger writersLeft = new AtomicInteger(2);
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> tasks = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
        for (int i = 0; i < 2; i++) {
          int number = i;
          tasks.add(
              threads.submit(() -> {
                start.await();
                transfer(space, new Random(SEED + number));
                return writersLeft.decrementAndGet();
              }));
        }
        for (int i = 0; i < 8; i++) {
          boolean batches = i % 2 == 0;
          tasks.add(
              threads.submit(() -> {
                start.await();
                int rounds = 0;
                while (writersLeft.get() > 0 || rounds == 0) {
                  if (batches) {
                    checkScan(space, allocator);
                  } else {
                    checkSnapshot(space);
                  }
                  rounds++;
                }
                return rounds;
              }));
        }
        start.countDown();
        for (Future<?> task : tasks) {
          task.get();
        }
      }
      checkSnapshot(space);
    }
  }

  /** Moves amounts between nodes, whose fingerprints repeat them, and rewrites some nodes. */
  private static void transfer(BindSpace space, Random random) {
    for (int i = 0; i < 400; i++) {
      int from = 0x8000 + random.nextInt(ACCOUNTS);
      int to = 0x8000 + random.nextInt(ACCOUNTS);
      int amount = random.nextInt(5);
      boolean recreate = random.nextInt(4) == 0;
      space.batch(w -> {
        set(w, from, w.values(from).accessCount() - amount, recreate);
        set(w, to, w.values(to).accessCount() + amount, false);
        w.link(from, Verb.CAUSES.address(), to, 1);
        w.link(to, Verb.CAUSES.address(), from, 1);
      });
    }
  }

  private static void set(BindWriter w, int addr, long amount, boolean recreate) {
    if (recreate) {
      w.delete(addr);
      w.insert(addr, Codes.filled((int) amount), NodeValues.DEFAULT.withAccessCount(amount));
    } else {
      w.writeAt(addr, Codes.filled((int) amount));
      w.update(addr, w.values(addr).withAccessCount(amount));
    }
  }

  private static void checkSnapshot(BindSpace space) {
    try (Snapshot snapshot = space.snapshot()) {
      long sum = 0;
      for (int addr = 0x8000; addr < 0x8000 + ACCOUNTS; addr++) {
        BindNode node = Objects.requireNonNull(snapshot.read(addr));
        long amount = node.values().accessCount();
        sum += amount;
        assertArrayEquals(Codes.filled((int) amount), node.fingerprint());
        for (Edge edge : snapshot.edgesFrom(addr)) {
          assertTrue(snapshot.weight(edge.to(), edge.verb(), addr) != null, "one-way " + edge);
        }
      }
      assertEquals(TOTAL, sum);
    }
  }

  private static void checkScan(BindSpace space, RootAllocator allocator) {
    BatchTable table =
        (BatchTable) Objects.requireNonNull(new BindSpaceSchema(space).getTable("nodes"));
    int[] columns = {
      NodeColumn.NODES.indexOf(NodeColumn.FINGERPRINT),
      NodeColumn.NODES.indexOf(NodeColumn.ACCESS_COUNT)
    };
    try (var memory = allocator.newChildAllocator("scan", 0, Long.MAX_VALUE);
        BatchReader reader =
            table.scan(
                ScanRequest.of(columns),
                new ExecutionContext(memory, name -> null, new AtomicBoolean(), 100, 1, null))) {
      long sum = 0;
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        for (int i = 0; i < batch.selection().count(); i++) {
          int row = batch.selection().position(i);
          long amount = ((BigIntVector) batch.column(1)).get(row);
          byte[] code = ((FixedSizeBinaryVector) batch.column(0)).get(row);
          assertArrayEquals(Codes.filled((int) amount), code);
          sum += amount;
        }
      }
      assertEquals(TOTAL, sum);
    }
  }
}
