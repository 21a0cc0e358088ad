package io.roomfield.slam.client.command;

import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute threads of the server that is started (default: the server's).")
  private Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "B",
      description = "Backend of the server that is started: auto, vector or scalar.")
  private String backend;

  boolean keepsSession() {
    return keepSession;
  }

  /**
   * A client of the server named, or of one that is started and stopped with the connection.
   *
   * @param logFile takes what a started server prints
   */
  Connection open(Path logFile) throws IOException, InterruptedException {
    if (server == null) {
      if (keepSession) {
        throw new IllegalArgumentException("--keep-session without --server (expected: both)");
      }
      ServerProcess process = ServerProcess.start(arguments(), logFile);
      return new Connection(SlamClient.connect(process.hostAndPort()), process);
    }
    if (threads != null || backend != null) {
      throw new IllegalArgumentException(
          "%s with --server (expected: set where that server is started)"
              .formatted(threads != null ? "--threads" : "--backend"));
    }
    return new Connection(SlamClient.connect(server), null);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (threads != null) {
      arguments.addAll(List.of("--threads", threads.toString()));
    }
    if (backend != null) {
      arguments.addAll(List.of("--backend", backend));
    }
    return arguments;
  }

  /**
   * A client and the server process behind it.
   *
   * @param ownServer null where the server is someone else's
   */
  record Connection(SlamClient client, ServerProcess ownServer) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
      if (ownServer != null) {
        ownServer.close();
      }
    }

    /** Why a call did not get through, where it is that the own server has ended. */
    Optional<String> serverFailure() throws InterruptedException {
      return ownServer == null ? Optional.empty() : ownServer.failure();
    }
  }
}
