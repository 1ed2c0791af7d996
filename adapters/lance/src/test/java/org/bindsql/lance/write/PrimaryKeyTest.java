package org.bindsql.lance.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Changes.Row;
import org.bindsql.lance.Lance;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.table.ScanRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enforced primary keys. */
class PrimaryKeyTest {
  private static final ArrowType LONG = new ArrowType.Int(64, true);

  @TempDir Path folder;
  private Lance lance;
  private Changes changes;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
    changes = new Changes(lance);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private static Field key(String name, ArrowType type, int position) {
    Map<String, String> metadata =
        Map.of(
            TableDefinition.PRIMARY_KEY,
            "true",
            TableDefinition.PRIMARY_KEY_POSITION,
            String.valueOf(position),
            TableDefinition.PRIMARY_KEY_MODE,
            TableDefinition.ENFORCED);
    return new Field(name, new FieldType(false, type, null, metadata), List.of());
  }

  private static Schema keyed(Field... keys) {
    List<Field> fields = new ArrayList<>(List.of(keys));
    fields.add(Field.nullable("v", LONG));
    return new Schema(fields);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private String refused(ErrorCode code, Executable change) {
    BindSqlException e = assertThrows(BindSqlException.class, change);
    assertEquals(code, e.code(), e.getMessage());
    return String.valueOf(e.getMessage());
  }

  @Test
  void aKeyThatExistsIsRefused() {
    changes.create("t", keyed(key("k", LONG, 1)), false, "2.1");
    changes.append("t", row(1L, 10L), row(2L, 20L));
    assertEquals(
        "duplicate key in table t: (k) = (2) exists already",
        refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(3L, 0L), row(2L, 0L))));
    assertEquals(
        "duplicate key in table t: (k) = (3) comes twice in the statement",
        refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(3L, 0L), row(3L, 0L))));
    assertEquals("[[1, 10], [2, 20]]", changes.dump("t"));
  }

  @Test
  void nullInAKeyIsRefused() {
    changes.create("t", keyed(key("k", LONG, 1)), false, "2.1");
    assertEquals(
        "column k does not allow NULL",
        refused(ErrorCode.NULL_NOT_ALLOWED, () -> changes.append("t", row(null, 10L))));
  }

  @Test
  void keysMayBeSwappedAndReused() {
    changes.create("t", keyed(key("k", LONG, 1)), false, "2.1");
    changes.append("t", row(1L, 10L), row(2L, 20L), row(3L, 30L));
    try (StatementScope scope = new StatementScope()) {
      List<Long> addresses = changes.addresses("t", scope);
      changes.apply(
          "t",
          scope,
          Row.update(addresses.get(0), 2L, 10L),
          Row.update(addresses.get(1), 1L, 20L),
          Row.delete(addresses.get(2), 2),
          Row.insert(3L, 33L));
    }
    assertEquals("[[1, 20], [2, 10], [3, 33]]", changes.sorted("t", keyed()));
    try (StatementScope scope = new StatementScope()) {
      long address = changes.addresses("t", scope).getFirst();
      refused(
          ErrorCode.DUPLICATE_KEY, () -> changes.apply("t", scope, Row.update(address, 3L, 0L)));
    }
  }

  @Test
  void severalColumnsAreAKeyTogether() {
    changes.create(
        "t", keyed(key("b", ArrowType.Utf8.INSTANCE, 2), key("a", LONG, 1)), false, "2.1");
    changes.append("t", row("x", 1L, 0L), row("y", 1L, 0L), row("x", 2L, 0L));
    changes.append("t", row("y", 2L, 0L), row("", 2L, 0L));
    assertEquals(
        "duplicate key in table t: (a, b) = (2, x) exists already",
        refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row("x", 2L, 0L))));
  }

  /** Values of all types, a few and so many that keys are not looked up by value. */
  @ParameterizedTest
  @ValueSource(ints = {3, 12_000})
  void keysOfAllTypes(int rows) {
    Map<ArrowType, IntFunction<Object>> types = new LinkedHashMap<>();
    types.put(LONG, i -> (long) i - 5);
    types.put(new ArrowType.Int(32, false), i -> 0xFFFF_FFFFL - i);
    types.put(
        new ArrowType.Int(64, false), i -> new BigDecimal(Long.MAX_VALUE).add(new BigDecimal(i)));
    types.put(ArrowType.Utf8.INSTANCE, i -> "k" + i + (i % 7 == 0 ? "\u0000" : "'é\uD83D\uDE00"));
    types.put(
        ArrowType.Binary.INSTANCE,
        i -> new ByteString(Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
    types.put(
        new ArrowType.FixedSizeBinary(4),
        i -> new ByteString(ByteBuffer.allocate(4).putInt(i).array()));
    types.put(new ArrowType.Date(DateUnit.DAY), i -> i - 100);
    types.put(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null), i -> (long) i * 1000 - 7);
    types.put(new ArrowType.Decimal(20, 3, 128), i -> new BigDecimal(i).movePointLeft(3));
    types.put(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), i -> i * 0.1);
    int[] number = new int[1];
    types.forEach((type, values) -> {
      String name = "t" + number[0]++;
      changes.create(name, keyed(key("k", type, 1)), false, "2.1");
      changes.append(name, rows(values, 0, rows));
      changes.append(name, rows(values, rows, 2 * rows));
      String message =
          refused(
              ErrorCode.DUPLICATE_KEY,
              () -> changes.append(name, rows(values, 2 * rows - 1, 3 * rows)));
      assertEquals(
          "duplicate key in table %s: (k) = (%s) exists already"
              .formatted(name, KeyHash.text(values.apply(2 * rows - 1))),
          message);
      assertEquals(2 * rows, changes.rows(name).size());
    });
  }

  private static List<List<@Nullable Object>> rows(IntFunction<Object> values, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> row(values.apply(i), (long) i)).toList();
  }

  @Test
  void zerosAreOneKey() {
    ArrowType real = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    changes.create("t", keyed(key("k", real, 1)), false, "2.1");
    changes.append("t", row(0.0, 1L));
    refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(-0.0, 1L)));
  }

  @Test
  void anIndexOnTheKeySeesItsOwnTable() {
    changes.create("t", keyed(key("k", LONG, 1)), true, "2.1");
    changes.append("t", rows(i -> (long) i, 0, 500));
    changes.index("t", "k");
    changes.append("t", row(500L, 0L));
    refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(499L, 0L)));
    refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(500L, 0L)));
    try (StatementScope scope = new StatementScope()) {
      long address = changes.addresses("t", scope).get(499);
      changes.apply("t", scope, Row.update(address, 1000L, 0L));
    }
    changes.append("t", row(499L, 0L));
    refused(ErrorCode.DUPLICATE_KEY, () -> changes.append("t", row(1000L, 0L)));
  }

  /** Eight threads insert the same keys and add to the same counters; each retries on 40001. */
  @Test
  void threadsNeitherLoseUpdatesNorDuplicateKeys() throws Exception {
    changes.create("t", keyed(key("k", LONG, 1)), false, "2.1");
    changes.append("t", rows(i -> (long) i, 0, 4));
    long before = LongStream.range(0, 4).sum();
    int threads = 8;
    AtomicInteger inserted = new AtomicInteger();
    AtomicInteger added = new AtomicInteger();
    Map<ErrorCode, Integer> failures = new ConcurrentHashMap<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(t);
        done.add(
            pool.submit(() -> {
              for (int i = 0; i < 6; i++) {
                if (random.nextBoolean()) {
                  long key = 100 + random.nextInt(10);
                  inserted.addAndGet(retried(failures, () -> changes.append("t", row(key, 0L))));
                } else {
                  int row = random.nextInt(4);
                  added.addAndGet(retried(failures, () -> increment(row)));
                }
              }
            }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    Map<Long, Long> rows = new TreeMap<>();
    for (List<@Nullable Object> row : changes.rows("t")) {
      assertEquals(null, rows.put((Long) row.get(0), (Long) row.get(1)), "key twice");
    }
    assertEquals(4 + inserted.get(), rows.size());
    assertEquals(before + added.get(), rows.values().stream().mapToLong(v -> v).sum());
    assertTrue(
        Set.of(ErrorCode.DUPLICATE_KEY, ErrorCode.SERIALIZATION_FAILURE)
            .containsAll(failures.keySet()),
        failures.toString());
  }

  private long increment(int key) {
    try (StatementScope scope = new StatementScope()) {
      List<List<@Nullable Object>> rows =
          changes.read("t", List.of("_rowaddr"), ScanRequest.of(0, 1, 2), scope);
      List<@Nullable Object> row =
          rows.stream().filter(r -> r.getFirst().equals((long) key)).findFirst().orElseThrow();
      return changes.apply(
          "t", scope, Row.update((Long) row.get(2), (long) key, (Long) row.get(1) + 1));
    }
  }

  private static int retried(Map<ErrorCode, Integer> failures, LongSupplier change) {
    while (true) {
      try {
        return (int) change.getAsLong();
      } catch (BindSqlException e) {
        failures.merge(e.code(), 1, Integer::sum);
        if (e.code() != ErrorCode.SERIALIZATION_FAILURE) {
          return 0;
        }
      }
    }
  }

  @Test
  void keysHoldAtTheCommitOfATransaction() {
    changes.create("t", keyed(key("k", LONG, 1)), false, "2.1");
    LanceTransaction transaction = new LanceTransaction();
    try (StatementScope scope = new StatementScope(transaction.scope())) {
      lance
          .table("t")
          .append(
              changes.reader(keyed(key("k", LONG, 1)), 2, List.of(row(1L, 1L))),
              changes.context(scope, transaction));
    }
    changes.append("t", row(1L, 2L));
    refused(
        ErrorCode.SERIALIZATION_FAILURE,
        () -> transaction.commit(changes.context(new StatementScope(), transaction)));
    assertEquals("[[1, 2]]", changes.dump("t"));
  }
}
