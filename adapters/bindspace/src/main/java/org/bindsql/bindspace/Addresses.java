package org.bindsql.bindspace;

import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Arithmetic on addresses: {@code (prefix << 8) | slot}, an unsigned 16-bit number. */
final class Addresses {
  static final int PREFIXES = 256;
  static final int SLOTS = 256;
  static final int COUNT = PREFIXES * SLOTS;

  /** "No address" in packed form; every value from 0 to 65535 is a legal address. */
  static final int NONE = -1;

  private Addresses() {}

  static int of(int prefix, int slot) {
    return prefix << 8 | slot;
  }

  static int prefix(int addr) {
    return addr >>> 8;
  }

  static int slot(int addr) {
    return addr & 0xFF;
  }

  /** Returns the address, or fails if it is not one. */
  static int require(long addr, String operation) {
    if (addr < 0 || addr >= COUNT) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE, operation + ": address " + addr + " is not in 0..65535");
    }
    return (int) addr;
  }

  /** An address for messages: decimal, and prefix and slot in hexadecimal. */
  static String show(int addr) {
    return String.format("%d (%02X:%02X)", addr, prefix(addr), slot(addr));
  }

  static boolean isFixed(int addr) {
    return prefix(addr) < Zone.FIRST_WRITABLE_PREFIX;
  }
}
