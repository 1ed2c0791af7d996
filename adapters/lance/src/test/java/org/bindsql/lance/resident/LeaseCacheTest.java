package org.bindsql.lance.resident;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseCacheTest {
  private static final class Value implements AutoCloseable {
    final int key;
    volatile boolean open = true;

    Value(int key) {
      this.key = key;
    }

    @Override
    public void close() {
      assertTrue(open, "closed twice: " + key);
      open = false;
    }
  }

  private final LeaseCache<Integer, Value> cache = new LeaseCache<>(100);

  @AfterEach
  void nothingIsLeft() {
    cache.close();
    assertEquals(0, cache.used());
    assertEquals(List.of(), cache.holdings());
  }

  private LeaseCache<Integer, Value>.@Nullable Claim claim(Integer... keys) {
    long[] bytes = new long[keys.length];
    Arrays.fill(bytes, 30);
    return cache.claim(List.of(keys), bytes);
  }

  /** Claims and makes; returns the values. */
  private List<Value> use(Integer... keys) {
    try (LeaseCache<Integer, Value>.Claim claim = claim(keys)) {
      assertNotNull(claim);
      claim.missing().forEach(key -> claim.supply(key, new Value(key)));
      assertTrue(claim.await(() -> {}));
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < keys.length; i++) {
        values.add(claim.value(i));
        assertEquals(keys[i], claim.value(i).key);
      }
      return values;
    }
  }

  private List<Integer> held() {
    return cache.holdings().stream().map(LeaseCache.Holding::key).sorted().toList();
  }

  @Test
  void makesOnceAndEvictsTheLongestUnused() {
    List<Value> first = use(1, 2, 3);
    assertEquals(first, use(1, 2, 3));
    assertEquals(90, cache.used());
    use(1);
    List<Value> fourth = use(4);
    assertEquals(List.of(1, 3, 4), held());
    assertFalse(first.get(1).open);
    assertTrue(first.get(0).open && first.get(2).open && fourth.getFirst().open);
    assertEquals(90, cache.used());
    assertTrue(cache.holdsAll(List.of(1, 3)));
    assertFalse(cache.holdsAll(List.of(1, 2)));
  }

  @Test
  void neverEvictsWhatIsClaimed() {
    use(1, 2, 3);
    try (LeaseCache<Integer, Value>.Claim claim = claim(1, 2)) {
      assertNotNull(claim);
      assertNull(claim(4, 5), "needs 60 bytes, 40 could be had");
      use(4);
      assertEquals(List.of(1, 2, 4), held());
      cache.resize(0);
      assertTrue(claim.value(0).open && claim.value(1).open);
      assertEquals(List.of(1, 2), held());
    }
    assertEquals(List.of(), held());
    assertEquals(0, cache.used());
  }

  @Test
  void aClaimGivenUpLeavesNothing() {
    try (LeaseCache<Integer, Value>.Claim claim = claim(1, 2)) {
      assertNotNull(claim);
      claim.supply(1, new Value(1));
      assertEquals(60, cache.used());
    }
    assertEquals(List.of(1), held());
    assertEquals(30, cache.used());
    assertNull(claim(1, 2, 3, 4));
    assertEquals(30, cache.used());
  }

  @Test
  void whoWaitsLearnsOfFailure() throws Exception {
    LeaseCache<Integer, Value>.Claim maker = claim(1);
    assertNotNull(maker);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        LeaseCache<Integer, Value>.Claim waiter = claim(1)) {
      assertNotNull(waiter);
      assertEquals(List.of(), waiter.missing());
      Future<Boolean> done = threads.submit(() -> waiter.await(() -> {}));
      maker.close();
      assertFalse(done.get(10, TimeUnit.SECONDS));
    }
    assertEquals(0, cache.used());
    assertEquals(1, use(1).size());
  }

  @Test
  void aWaitCanBeCancelled() {
    LeaseCache<Integer, Value>.Claim maker = claim(1);
    LeaseCache<Integer, Value>.Claim waiter = claim(1);
    assertNotNull(maker);
    assertNotNull(waiter);
    BindSqlException cancelled = new BindSqlException(ErrorCode.CANCELLED, "statement cancelled");
    assertEquals(
        cancelled,
        assertThrows(
            BindSqlException.class,
            () ->
                waiter.await(() -> {
                  throw cancelled;
                })));
    waiter.close();
    waiter.close();
    maker.supply(1, new Value(1));
    maker.close();
    assertEquals(List.of(1), held());
  }

  @Test
  void whatIsForgottenGoesWithItsLastUse() {
    Value value;
    try (LeaseCache<Integer, Value>.Claim claim = claim(1)) {
      assertNotNull(claim);
      value = new Value(1);
      claim.supply(1, value);
      cache.forget(key -> key == 1);
      assertTrue(value.open);
      assertFalse(use(1).getFirst() == value, "the key is to be made anew");
      assertTrue(value.open);
    }
    assertFalse(value.open);
    assertEquals(List.of(1), held());
  }

  @Test
  void whatIsForgottenWhileItIsMadeServesItsMaker() {
    try (LeaseCache<Integer, Value>.Claim claim = claim(1)) {
      assertNotNull(claim);
      cache.forget(key -> true);
      claim.supply(1, new Value(1));
      assertTrue(claim.await(() -> {}));
      assertTrue(claim.value(0).open);
    }
    assertEquals(0, cache.used());
  }

  /** Many threads under pressure: every value is open while it is claimed, and of its key. */
  @Test
  void manyThreadsShareFewPlaces() throws Exception {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        Random random = new Random(t);
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < 2_000; i++) {
                round(random, made, refused);
              }
            }));
      }
      for (Future<?> thread : all) {
        thread.get(60, TimeUnit.SECONDS);
      }
    }
    assertTrue(made.get() > 100 && refused.get() > 0, made + " made, " + refused + " refused");
    assertTrue(cache.used() <= 100);
  }

  private void round(Random random, AtomicInteger made, AtomicInteger refused) {
    List<Integer> keys = new ArrayList<>(List.of(0, 1, 2, 3, 4));
    Collections.shuffle(keys, random);
    List<Integer> wanted = List.copyOf(keys.subList(0, 1 + random.nextInt(2)));
    try (LeaseCache<Integer, Value>.Claim claim = claim(wanted.toArray(Integer[]::new))) {
      if (claim == null) {
        refused.incrementAndGet();
        return;
      }
      for (int key : claim.missing()) {
        if (random.nextInt(10) == 0) {
          return; // gives up
        }
        if (random.nextInt(20) == 0) {
          cache.forget(k -> k == key);
        }
        claim.supply(key, new Value(key));
        made.incrementAndGet();
      }
      if (claim.await(() -> {})) {
        for (int i = 0; i < wanted.size(); i++) {
          assertEquals(wanted.get(i), claim.value(i).key);
          assertTrue(claim.value(i).open);
        }
        Thread.yield();
        for (int i = 0; i < wanted.size(); i++) {
          assertTrue(claim.value(i).open);
        }
      }
    }
  }
}
