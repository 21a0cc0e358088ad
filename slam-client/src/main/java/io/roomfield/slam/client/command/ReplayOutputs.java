package io.roomfield.slam.client.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a replay leaves behind. */
final class ReplayOutputs {
  @Option(
      names = "--view",
      description =
          "Print where the viewer is, and leave the session open after. A server that was started"
              + " for this stays up until Ctrl-C.")
  private boolean view;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path json;

  @Option(
      names = "--fail-on-lost",
      description = "Exit code 3 if a frame was lost, dropped or refused.")
  private boolean failOnLost;

  Path json() {
    return json;
  }

  boolean failOnLost() {
    return failOnLost;
  }

  boolean view() {
    return view;
  }
}
