package org.bindsql.files;

import org.apache.arrow.vector.types.TimeUnit;
import org.apache.calcite.avatica.util.DateTimeUtils;

/** Dates, times and timestamps as text, read by CAST's rules and with all digits of the second. */
final class TimeText {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400L * SECOND;

  private TimeText() {}

  /** Days since 1970-01-01. */
  static int date(String text) {
    return DateTimeUtils.dateStringToUnixDate(text.strip());
  }

  /** Nanoseconds of the day. */
  static long time(String text) {
    String time = text.strip();
    int point = time.indexOf('.');
    String seconds = point < 0 ? time : time.substring(0, point);
    long nanos = DateTimeUtils.timeStringToUnixDate(seconds) * 1_000_000L + fraction(time, point);
    if (nanos < 0 || nanos >= DAY) {
      throw new IllegalArgumentException(text);
    }
    return nanos;
  }

  /** Time since 1970-01-01 00:00:00 in the given unit; finer digits are cut off. */
  static long timestamp(String text, TimeUnit unit) {
    String time = text.strip();
    if (time.endsWith("Z")) {
      time = time.substring(0, time.length() - 1);
    }
    if (time.length() > 10 && time.charAt(10) == 'T') {
      time = time.substring(0, 10) + ' ' + time.substring(11);
    }
    int point = time.indexOf('.');
    String seconds = point < 0 ? time : time.substring(0, point);
    long whole = DateTimeUtils.timestampStringToUnixDate(seconds) / 1000;
    long nanos = fraction(time, point);
    return switch (unit) {
      case SECOND -> whole;
      case MILLISECOND -> whole * 1_000 + nanos / 1_000_000;
      case MICROSECOND -> whole * 1_000_000 + nanos / 1_000;
      case NANOSECOND -> Math.addExact(Math.multiplyExact(whole, SECOND), nanos);
    };
  }

  /** Nanoseconds of the digits after the point, if there is one. */
  private static long fraction(String text, int point) {
    if (point < 0) {
      return 0;
    }
    long nanos = 0;
    long unit = SECOND / 10;
    if (point + 1 == text.length()) {
      throw new IllegalArgumentException(text);
    }
    for (int i = point + 1; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException(text);
      }
      nanos += digit * unit;
      unit /= 10;
    }
    return nanos;
  }

  /** {@code yyyy-mm-dd}. */
  static String printDate(int day) {
    return DateTimeUtils.unixDateToString(day);
  }

  /**
   * {@code hh:mm:ss}, with the digits of the second that the unit has and the value needs.
   *
   * @param value time of day in the unit
   */
  static String printTime(long value, TimeUnit unit) {
    long perSecond = perSecond(unit);
    return DateTimeUtils.unixTimeToString((int) (value / perSecond * 1000))
        + digits(value % perSecond, perSecond);
  }

  /** {@code yyyy-mm-dd hh:mm:ss} with digits as {@link #printTime}. */
  static String printTimestamp(long value, TimeUnit unit) {
    long perSecond = perSecond(unit);
    return DateTimeUtils.unixTimestampToString(Math.floorDiv(value, perSecond) * 1000)
        + digits(Math.floorMod(value, perSecond), perSecond);
  }

  private static String digits(long fraction, long perSecond) {
    if (fraction == 0) {
      return "";
    }
    String digits = Long.toString(perSecond + fraction).substring(1);
    return "." + digits.replaceFirst("0+$", "");
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> 1;
      case MILLISECOND -> 1_000;
      case MICROSECOND -> 1_000_000;
      case NANOSECOND -> SECOND;
    };
  }
}
