package io.roomfield.slam.client.command;

import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.v1.SessionEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sessions}: what is open on a server. */
@Command(
    name = "sessions",
    description = "List the sessions of a running server that you have a role on.",
    mixinStandardHelpOptions = true)
public final class SessionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RunningServer server;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (SlamClient client = server.connect()) {
      for (SessionEntry session : client.sessions()) {
        out.printf(
            "%s  %s  owner %s  you: %s  %s%n",
            session.getSessionId(),
            word(session.getState(), "SESSION_STATE_"),
            session.getOwner(),
            word(session.getRole(), "ROLE_"),
            session.getLabel().replaceAll("\\p{Cntrl}", "?"));
      }
    }
    out.flush();
    return 0;
  }

  private static String word(Enum<?> value, String prefix) {
    return value.name().replace(prefix, "").toLowerCase(Locale.ROOT);
  }
}
