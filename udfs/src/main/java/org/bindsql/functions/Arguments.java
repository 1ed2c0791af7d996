package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of one evaluation of a function, none of them NULL. */
interface Arguments {
  /** Number of arguments. */
  int count();

  /** The bytes of a binary argument; valid during this evaluation only. */
  MemorySegment bytes(int i);

  /** A character argument. */
  String text(int i);

  /**
   * An exact number.
   *
   * @throws org.bindsql.error.BindSqlException if the value has a fraction or exceeds 64 bits
   */
  long integer(int i);

  /** A number as a double. */
  double real(int i);

  /** A truth value. */
  boolean truth(int i);

  /** The elements of an array argument. */
  List<? extends @Nullable Object> array(int i);

  /** Whether the argument is binary (for operators that take either a code or a number). */
  boolean isBinary(int i);
}
