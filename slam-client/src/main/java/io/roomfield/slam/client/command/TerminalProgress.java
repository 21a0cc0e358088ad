package io.roomfield.slam.client.command;

import io.roomfield.slam.client.replay.BarProgress;
import io.roomfield.slam.client.replay.LineProgress;
import io.roomfield.slam.client.replay.ReplayProgress;
import java.io.Console;
import java.io.PrintWriter;

/** A bar on a terminal, lines in a log. */
final class TerminalProgress {
  private TerminalProgress() {}

  // From JDK 25 on there is no console again where input or output is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  static ReplayProgress of(PrintWriter out, int frames) {
    Console console = System.console();
    return console != null && console.isTerminal()
        ? new BarProgress(out, "frames", frames)
        : new LineProgress(out, frames);
  }
}
