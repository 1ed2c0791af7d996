package org.bindsql.lance.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.junit.jupiter.api.Test;

/** Calls on threads with a large stack. */
class PlanningThreadTest {
  /** Frames that an ordinary thread of 1 MiB has no room for. */
  private static final int DEPTH = 100_000;

  private static int depth(int frames) {
    return frames == 0 ? 0 : 1 + depth(frames - 1);
  }

  @Test
  void everyCallHasTheLargeStack() {
    for (int i = 0; i < 3; i++) {
      assertEquals(DEPTH, PlanningThread.<Integer>call("test", () -> depth(DEPTH)));
    }
  }

  @Test
  void callsDoNotWaitForOneAnother() {
    int calls = 20;
    CyclicBarrier all = new CyclicBarrier(calls);
    long met =
        IntStream.range(0, calls)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .unstarted(() -> PlanningThread.<Integer>call("test", all::await)))
            .peek(Thread::start)
            .toList()
            .stream()
            .filter(PlanningThreadTest::ends)
            .count();
    assertEquals(calls, met);
  }

  private static boolean ends(Thread thread) {
    try {
      return thread.join(java.time.Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCallMayMakeAnother() {
    int inner = PlanningThread.<Integer>call("outer", () -> PlanningThread.call("inner", () -> 42));
    assertEquals(42, inner);
  }

  @Test
  void aFailureIsTheCallersAndTheThreadGoesOn() {
    BindSqlException failure =
        assertThrows(
            BindSqlException.class,
            () ->
                PlanningThread.call(
                    "scan of table t",
                    () -> {
                      throw new StackOverflowError();
                    }));
    assertEquals(ErrorCode.INTERNAL, failure.code());
    assertTrue(failure.toString().contains("scan of table t"), failure.toString());
    assertEquals(DEPTH, PlanningThread.<Integer>call("test", () -> depth(DEPTH)));
  }
}
