package io.roomfield.slam.client.command;

import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.SlamClient;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The server to talk to: one that runs, or one of the command's own. */
final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "A running server (default: one is started, and stopped after).")
  private String server;

  @Option(
      names = "--keep-session",
      description = "Leave the session open on that server, and print its id.")
  private boolean keepSession;

  @Mixin private SecurityOptions security;
  @Mixin private BackendOptions backend;

  /** Whether the server runs already. */
  boolean isNamed() {
    return server != null;
  }

  boolean keepsSession() {
    return keepSession;
  }

  /**
   * A client of the server named, or of one that is started and stopped with the connection.
   *
   * @param logFile takes what a started server prints
   */
  ServerConnection open(Path logFile) throws IOException, InterruptedException {
    if (server == null) {
      if (keepSession) {
        throw new IllegalArgumentException("--keep-session without --server (expected: both)");
      }
      if (security.given()) {
        throw new IllegalArgumentException(
            "--token, --tls, --ca, --cert or --key without --server (expected: both)");
      }
      return ServerConnection.start(backend, logFile);
    }
    if (backend.given().isPresent()) {
      throw new IllegalArgumentException(
          "%s with --server (expected: set where that server is started)"
              .formatted(backend.given().get()));
    }
    ConnectionSecurity chosen = security.choose();
    String page = "%s://%s/".formatted(chosen.tls() ? "https" : "http", server);
    return new ServerConnection(SlamClient.connect(server, chosen), page, null);
  }
}
