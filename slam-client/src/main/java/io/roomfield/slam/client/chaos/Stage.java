package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What scenarios play with.
 *
 * @param walk the frames
 * @param options of the sessions
 * @param serverArguments of the servers
 * @param folder takes the servers' files and logs
 */
public record Stage(
    RecordedWalk walk, SessionOptions options, List<String> serverArguments, Path folder) {
  /** Frames under way. */
  static final int IN_FLIGHT = 4;

  /** Where a server keeps its sessions. */
  Path data(String name) {
    return folder.resolve(name);
  }

  /** What the servers of a name have printed. */
  Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** A server on the files of the last one of its name. */
  ServerProcess server(String name, String... jvmFlags) throws IOException, InterruptedException {
    return ServerProcess.start(serverArguments, List.of(jvmFlags), log(name), data(name));
  }

  static SlamClient client(ServerProcess server) throws IOException {
    return SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE);
  }

  /** A new session. */
  String session(SlamClient client) {
    return client.createSession(options).getSessionId();
  }

  /** The same, tracker and mapper keeping step in another way. */
  public Stage with(SyncMode sync) {
    return new Stage(
        walk,
        new SessionOptions(
            options.camera(),
            options.depthScale(),
            options.preset(),
            options.initialWorldFromCamera(),
            sync,
            options.seed(),
            options.label()),
        serverArguments,
        folder);
  }

  /** Sends the frames of the walk that come after one. */
  void send(FrameStreamer streamer, long after) throws InterruptedException {
    for (RecordedWalk.Shot shot : walk.shots()) {
      if (shot.entry().index() > after) {
        streamer.send(
            shot.entry().index(), shot.entry().timestampNanos(), shot.colour(), shot.depth());
      }
    }
  }
}
