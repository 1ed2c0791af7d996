package org.bindsql.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Boxes drawn with ASCII characters.
 *
 * <p>Column widths come from the rows themselves, {@value #CHUNK} at a time, so a result of any
 * length needs bounded memory; a later chunk may be wider, never narrower. A value with line breaks
 * takes as many lines. Where a line would be longer than the screen, the widest columns are cut,
 * unless there is only one: a plan is wanted whole.
 */
final class TableWriter implements ResultWriter {
  private static final int CHUNK = 1000;
  private static final int NARROWEST = 8;

  private final PrintStream out;
  private final int screen;
  private final boolean header;
  private final String nullText;
  private final List<List<String[]>> chunk = new ArrayList<>();
  private List<Column> columns = List.of();
  private int[] widths = {};
  private boolean started;

  /**
   * Creates a writer.
   *
   * @param screen characters in a line, or 0 for no limit
   * @param header whether column names are printed
   * @param nullText what stands for NULL
   */
  TableWriter(PrintStream out, int screen, boolean header, String nullText) {
    this.out = out;
    this.screen = screen;
    this.header = header;
    this.nullText = nullText;
  }

  @Override
  public void begin(List<Column> columns) {
    this.columns = columns;
    this.widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(1, width(columns.get(i).name()));
    }
  }

  @Override
  public void row(List<@Nullable Object> values) {
    List<String[]> cells = new ArrayList<>(values.size());
    for (Object value : values) {
      String text = value == null ? nullText : Values.text(value, true);
      cells.add(printable(text).split("\n", -1));
    }
    chunk.add(cells);
    if (chunk.size() == CHUNK) {
      flush();
    }
  }

  @Override
  public void end() {
    flush();
    rule();
  }

  private void flush() {
    for (List<String[]> row : chunk) {
      for (int i = 0; i < widths.length; i++) {
        for (String line : row.get(i)) {
          widths[i] = Math.max(widths[i], width(line));
        }
      }
    }
    fit();
    if (!started) {
      started = true;
      rule();
      if (header) {
        List<String[]> names = new ArrayList<>();
        columns.forEach(column -> names.add(new String[] {printable(column.name())}));
        print(names, false);
        rule();
      }
    }
    chunk.forEach(row -> print(row, true));
    chunk.clear();
  }

  /** Narrows the widest columns until a line fits the screen. */
  private void fit() {
    while (screen > 0 && widths.length > 1 && total() > screen) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
  }

  private int total() {
    int total = 1;
    for (int width : widths) {
      total += width + 3;
    }
    return total;
  }

  private void rule() {
    StringBuilder line = new StringBuilder("+");
    for (int width : widths) {
      line.repeat('-', width + 2).append('+');
    }
    out.println(line);
  }

  private void print(List<String[]> row, boolean data) {
    int lines = row.stream().mapToInt(cell -> cell.length).max().orElse(1);
    for (int at = 0; at < lines; at++) {
      StringBuilder line = new StringBuilder("|");
      for (int i = 0; i < widths.length; i++) {
        String[] cell = row.get(i);
        String text = cut(at < cell.length ? cell[at] : "", widths[i]);
        int blanks = widths[i] - width(text);
        boolean right = data && columns.get(i).number();
        line.append(' ').repeat(' ', right ? blanks : 0).append(text);
        line.repeat(' ', right ? 0 : blanks).append(" |");
      }
      out.println(line);
    }
  }

  private static String cut(String text, int width) {
    return width(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Text without characters that would move the cursor, line breaks excepted. */
  private static String printable(String text) {
    if (text.chars().noneMatch(c -> c < ' ' || c == 0x7F)) {
      return text;
    }
    StringBuilder clean = new StringBuilder();
    text.replace("\r\n", "\n")
        .chars()
        .forEach(c -> clean.append(c == '\n' || (c >= ' ' && c != 0x7F) ? (char) c : ' '));
    return clean.toString();
  }
}
