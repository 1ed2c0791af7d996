package org.bindsql.functions;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.schema.impl.AggregateFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * Aggregate {@code bundle_agg(code)}: majority of each bit over a group's codes, which have equal
 * lengths.
 *
 * <p>NULLs are skipped; a group without codes gives NULL. The order of rows does not matter: where
 * exactly half of an even number of codes have the bit, the result takes the bit of the smallest
 * code in unsigned byte order, as {@code bundle} of the codes in that order does.
 */
public final class BundleAggregate extends SqlUserDefinedAggFunction {
  BundleAggregate(String name, Operands operands) {
    super(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        Results.nullableSameLength(),
        operands,
        operands,
        requireNonNull(AggregateFunctionImpl.create(State.class)),
        false,
        false,
        Optionality.FORBIDDEN);
  }

  /** Running bundle of one group; public because generated code calls it. */
  public static final class State {
    private @Nullable BitCounter counter;
    private byte[] smallest = new byte[0];

    private State() {}

    /** A bundle of nothing. */
    public static State init() {
      return new State();
    }

    /** Adds a code. */
    public static State add(State state, ByteString code) {
      state.add(code.getBytes());
      return state;
    }

    /** The majority. */
    public static @Nullable ByteString result(State state) {
      return state.counter == null
          ? null
          : new ByteString(
              Words.toBytes(
                  state.counter.majority(Words.of(MemorySegment.ofArray(state.smallest))),
                  state.smallest.length));
    }

    private void add(byte[] code) {
      long[] words = Words.of(MemorySegment.ofArray(code));
      if (counter == null) {
        counter = new BitCounter(words.length);
        smallest = code;
      } else {
        Bits.checkSameLength("bundle_agg", smallest.length, code.length);
        if (Arrays.compareUnsigned(code, smallest) < 0) {
          smallest = code;
        }
      }
      counter.add(words, 1);
    }
  }
}
