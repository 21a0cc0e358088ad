package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.Replay;
import io.roomfield.slam.client.replay.ReplayEvaluation;
import io.roomfield.slam.client.replay.ReplayProgress;
import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.replay.ReplayResult;
import io.roomfield.slam.client.replay.ReportWriter;
import io.roomfield.slam.client.replay.SendRate;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** One replay from the command line: server, stream, evaluation, files, summary. */
final class ReplayRun {
  private static final int EXIT_OK = 0;
  private static final int EXIT_FRAMES_LOST = 3;
  private static final String SERVER_LOG = "server.log";

  private final PrintWriter out;
  private final ServerOptions server;
  private final ReplayOutputs outputs;

  ReplayRun(PrintWriter out, ServerOptions server, ReplayOutputs outputs) {
    this.out = out;
    this.server = server;
    this.outputs = outputs;
  }

  /**
   * Runs the sequence and writes what was asked for.
   *
   * @param opening opens the session
   * @param reportFolder null for no report
   * @return the exit code
   */
  int run(
      DisturbedDataset sequence,
      Function<SlamClient, Session> opening,
      SendRate rate,
      Path reportFolder)
      throws IOException, InterruptedException {
    Path logFile = logFile(reportFolder);
    try (ServerConnection connection = server.open(logFile)) {
      if (outputs.view()) {
        out.println("viewer: " + connection.page());
        out.flush();
      }
      int exitCode = connection.call(client -> run(client, sequence, opening, rate, reportFolder));
      if (outputs.view() && connection.ownServer() != null) {
        out.println("the server stays up; Ctrl-C ends it");
        out.flush();
        connection.ownServer().awaitEnd();
      }
      return exitCode;
    }
  }

  private int run(
      SlamClient client,
      DisturbedDataset sequence,
      Function<SlamClient, Session> opening,
      SendRate rate,
      Path reportFolder)
      throws IOException, InterruptedException {
    RgbdDataset dataset = sequence.sent();
    ServerInfo info = client.serverInfo();
    Session session = opening.apply(client);
    out.printf(
        "%s: %d frames, %dx%d; backend %s, preset %s%n",
        dataset.name(),
        dataset.frames().size(),
        dataset.camera().width(),
        dataset.camera().height(),
        info.getBackend(),
        session.getPreset());
    out.flush();
    ReplayResult result;
    try (ReplayProgress progress = TerminalProgress.of(out, dataset.frames().size())) {
      result = new Replay(client).run(dataset, session, rate, progress);
    }
    try {
      ReplayEvaluation evaluation = ReplayEvaluation.of(client, sequence, result);
      ReplayReport report = ReplayReport.of(dataset.name(), info, result, evaluation);
      ReplaySummary.print(out, report, evaluation);
      if (reportFolder != null) {
        Path page =
            new ReportWriter(client, dataset, result).write(reportFolder, evaluation, report);
        out.println("report: " + page);
      }
      writeJson(report);
      boolean failed = outputs.failOnLost() && report.framesWithoutPose() > 0;
      return failed ? EXIT_FRAMES_LOST : EXIT_OK;
    } finally {
      deleteOrKeep(client, result.session().getSessionId());
    }
  }

  private void deleteOrKeep(SlamClient client, String sessionId) {
    if (server.keepsSession() || outputs.view()) {
      out.println("session: " + sessionId);
      out.flush();
    } else {
      client.deleteSession(sessionId);
    }
  }

  private void writeJson(ReplayReport report) throws IOException {
    if (outputs.json() != null) {
      Path folder = outputs.json().toAbsolutePath().getParent();
      Files.createDirectories(folder);
      report.write(outputs.json());
      out.println("figures: " + outputs.json());
    }
    out.flush();
  }

  private static Path logFile(Path reportFolder) throws IOException {
    if (reportFolder == null) {
      Path temporary = Files.createTempFile("roomfield-server", ".log");
      temporary.toFile().deleteOnExit(); // also when the replay is broken off
      return temporary;
    }
    Files.createDirectories(reportFolder);
    return reportFolder.resolve(SERVER_LOG);
  }
}
