package org.bindsql.shell;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line per value, name first, and a line between rows. */
final class VerticalWriter implements ResultWriter {
  private final PrintStream out;
  private final String nullText;
  private List<Column> columns = List.of();
  private int nameWidth;
  private long rows;

  VerticalWriter(PrintStream out, String nullText) {
    this.out = out;
    this.nullText = nullText;
  }

  @Override
  public void begin(List<Column> columns) {
    this.columns = columns;
    nameWidth = columns.stream().mapToInt(column -> column.name().length()).max().orElse(0);
  }

  @Override
  public void row(List<@Nullable Object> values) {
    out.println("-- row " + ++rows + " --");
    for (int i = 0; i < values.size(); i++) {
      String name = columns.get(i).name();
      Object value = values.get(i);
      String text = value == null ? nullText : Values.text(value, true);
      String indent = "\n" + " ".repeat(nameWidth + 2);
      out.println(name + " ".repeat(nameWidth - name.length() + 2) + text.replace("\n", indent));
    }
  }

  @Override
  public void end() {}
}
