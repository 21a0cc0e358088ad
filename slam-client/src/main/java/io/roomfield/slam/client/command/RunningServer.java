package io.roomfield.slam.client.command;

import io.roomfield.slam.client.SlamClient;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The server that a command is about, which runs already. */
final class RunningServer {
  @Option(
      names = "--server",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The server.")
  private String server;

  @Mixin private SecurityOptions security;

  SlamClient connect() throws IOException {
    return SlamClient.connect(server, security.choose());
  }
}
