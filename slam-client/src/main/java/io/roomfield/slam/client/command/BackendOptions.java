package io.roomfield.slam.client.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a server that the command starts computes with. */
final class BackendOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute threads of the server that is started (default: the server's).")
  private Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "B",
      description =
          "Backend of the server that is started: auto, cuda, cuda:half, vector or scalar.")
  private String backend;

  /** The server's arguments. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (threads != null) {
      arguments.addAll(List.of("--threads", threads.toString()));
    }
    if (backend != null) {
      arguments.addAll(List.of("--backend", backend));
    }
    return arguments;
  }

  /** An option that was given. */
  Optional<String> given() {
    return arguments().stream().findFirst();
  }
}
