package io.roomfield.slam.client.command;

import io.roomfield.slam.client.SlamClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code save-map}: a session as it is now, as a session of its own. */
@Command(
    name = "save-map",
    description =
        "Keep a running server's session as it is now, as a finished session of its own, and print its id:"
            + " a map for replay --open-map. The session goes on.",
    mixinStandardHelpOptions = true)
public final class SaveMapCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RunningServer server;

  @Option(names = "--session", required = true, paramLabel = "ID", description = "The session.")
  private String sessionId;

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "A name for people (default: the session's).")
  private String label = "";

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (SlamClient client = server.connect()) {
      out.println(client.saveMap(sessionId, label).getSessionId());
    }
    out.flush();
    return 0;
  }
}
