package org.bindsql.files;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.Arrays;

/**
 * The record of a CSV file that was read last; one instance for the whole file.
 *
 * <p>A field's text lies in one array with the others', so that no String is made for numbers.
 */
final class CsvRecord extends CsvCallbackHandler<CsvRecord> {
  private char[] text = new char[1024];
  private int[] ends = new int[64];
  private boolean[] quoted = new boolean[64];
  private int fields;
  private long line;
  private boolean empty;

  /** Number of the line, from 1, on which the record begins. */
  long line() {
    return line;
  }

  /** Whether it is a line without any character. */
  boolean isEmpty() {
    return empty;
  }

  /** Number of fields. */
  int size() {
    return fields;
  }

  /** Whether a field stands in quotes. */
  boolean isQuoted(int field) {
    return quoted[field];
  }

  /** Number of characters of a field. */
  int length(int field) {
    return ends[field] - start(field);
  }

  private int start(int field) {
    return field == 0 ? 0 : ends[field - 1];
  }

  /** A field's text. */
  String get(int field) {
    return new String(text, start(field), length(field));
  }

  /** Whether a field's text is the one given. */
  boolean is(int field, String other) {
    int length = length(field);
    if (length != other.length()) {
      return false;
    }
    int start = start(field);
    for (int i = 0; i < length; i++) {
      if (text[start + i] != other.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A field as a whole number of up to 18 digits, the form of nearly all; {@link Long#MIN_VALUE} if
   * it is written otherwise.
   */
  long shortNumber(int field) {
    int at = start(field);
    int end = ends[field];
    boolean negative = at < end && text[at] == '-';
    int first = negative ? at + 1 : at;
    if (first == end || end - first > 18) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int i = first; i < end; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return Long.MIN_VALUE;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  @Override
  protected void beginRecord(long startingLineNumber) {
    line = startingLineNumber;
    fields = 0;
    empty = false;
  }

  @Override
  protected void addField(char[] buffer, int offset, int length, boolean isQuoted) {
    int start = fields == 0 ? 0 : ends[fields - 1];
    if (start + length > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, start + length));
    }
    if (fields == ends.length) {
      ends = Arrays.copyOf(ends, 2 * fields);
      quoted = Arrays.copyOf(quoted, 2 * fields);
    }
    System.arraycopy(buffer, offset, text, start, length);
    ends[fields] = start + length;
    quoted[fields] = isQuoted;
    fields++;
  }

  @Override
  protected void setComment(char[] buffer, int offset, int length) {}

  @Override
  protected void setEmpty() {
    addField(new char[0], 0, 0, false);
    empty = true;
  }

  @Override
  protected CsvRecord buildRecord() {
    return this;
  }

  @Override
  protected RecordType getRecordType() {
    return empty ? RecordType.EMPTY : RecordType.DATA;
  }

  @Override
  protected int getFieldCount() {
    return fields;
  }
}
