package io.roomfield.slam.client.command;

import io.grpc.Status;
import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A client and the server process behind it.
 *
 * @param page where its viewer is
 * @param ownServer null where the server is someone else's
 */
record ServerConnection(SlamClient client, String page, ServerProcess ownServer)
    implements AutoCloseable {
  /** Calls of a client. */
  interface Calls<T> {
    T make(SlamClient client) throws IOException, InterruptedException;
  }

  /**
   * A client of a server that is started now and stopped with the connection.
   *
   * @param logFile takes what the server prints
   */
  static ServerConnection start(BackendOptions backend, Path logFile)
      throws IOException, InterruptedException {
    ServerProcess process = ServerProcess.start(backend.arguments(), logFile);
    return new ServerConnection(
        SlamClient.connect(process.hostAndPort(), ConnectionSecurity.NONE),
        "http://" + process.hostAndPort() + "/",
        process);
  }

  /**
   * Makes calls.
   *
   * @throws IOException with the end of the server's log, where they broke because the own server
   *     has ended
   */
  <T> T call(Calls<T> calls) throws IOException, InterruptedException {
    try {
      return calls.make(client);
    } catch (SlamClientException e) {
      if (e.code() == Status.Code.UNAVAILABLE && ownServer != null) {
        Optional<String> failure = ownServer.failure();
        if (failure.isPresent()) {
          throw new IOException(failure.get(), e);
        }
      }
      throw e;
    }
  }

  @Override
  public void close() {
    client.close();
    if (ownServer != null) {
      ownServer.close();
    }
  }
}
