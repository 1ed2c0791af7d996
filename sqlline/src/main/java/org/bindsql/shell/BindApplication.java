package org.bindsql.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import sqlline.Application;
import sqlline.CommandHandler;
import sqlline.PromptHandler;
import sqlline.SqlLine;

/** sqlline under our name: drivers, greeting, prompt and the command that runs statements. */
public final class BindApplication extends Application {
  private static final String PROMPT = "bindsql> ";

  private final boolean batch;

  /** Creates the application of an interactive session. */
  public BindApplication() {
    this(false);
  }

  BindApplication(boolean batch) {
    this.batch = batch;
  }

  @Override
  public String getVersion() {
    return "BindSQL " + Version.number();
  }

  @Override
  public String getInfoMessage() {
    return getVersion() + "; end statements with ';', leave with !quit, get help with !help";
  }

  @Override
  public List<String> allowedDrivers() {
    return List.of("org.bindsql.jdbc.Driver", "org.apache.calcite.avatica.remote.Driver");
  }

  @Override
  public Collection<String> getConnectionUrlExamples() {
    return List.of(
        "jdbc:bindsql:path=<directory>",
        "jdbc:avatica:remote:url=http://<host>:8765;serialization=PROTOBUF");
  }

  @Override
  public Collection<CommandHandler> getCommandHandlers(SqlLine sqlLine) {
    List<CommandHandler> handlers = new ArrayList<>(super.getCommandHandlers(sqlLine));
    if (sqlLine instanceof BindSqlLine ours) {
      handlers.removeIf(handler -> handler.getNames().contains("sql"));
      handlers.add(new SqlCommand(ours));
    }
    return handlers;
  }

  @Override
  public PromptHandler getPromptHandler(SqlLine sqlLine) {
    return new PromptHandler(sqlLine) {
      @Override
      public AttributedString getPrompt() {
        return batch
            ? new AttributedString("")
            : new AttributedString(PROMPT, AttributedStyle.BOLD);
      }
    };
  }
}
