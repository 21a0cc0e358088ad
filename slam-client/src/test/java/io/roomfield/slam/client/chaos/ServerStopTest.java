package io.roomfield.slam.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.SyncMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, on a real process with a camera streaming to it. */
@Timeout(300) // a deadlock fails instead of hanging the build
class ServerStopTest {
  private static final int FRAMES = 8;
  private static final int IN_FLIGHT = 4;

  /** 128 + SIGTERM; a process that had to be killed ends with 128 + SIGKILL. */
  private static final String ENDED_BY_ITSELF = "exit code 143";

  @TempDir private Path folder;

  @BeforeEach
  void useThisClassPath() {
    System.setProperty(ServerProcess.CLASSPATH_PROPERTY, System.getProperty("java.class.path"));
    System.setProperty(
        ServerProcess.JVM_FLAGS_PROPERTY,
        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx2g");
  }

  @AfterEach
  void forgetTheClassPath() {
    System.clearProperty(ServerProcess.CLASSPATH_PROPERTY);
    System.clearProperty(ServerProcess.JVM_FLAGS_PROPERTY);
  }

  /** Waits for poses. */
  private static final class Heard implements FrameListener {
    private final CountDownLatch tracked;

    Heard(int frames) {
      tracked = new CountDownLatch(frames);
    }

    @Override
    public void accepted(long sequenceNumber) {}

    @Override
    public void rejected(long sequenceNumber, FrameRejected refusal) {}

    @Override
    public void tracked(PoseEstimate pose, FrameTracked detail) {
      tracked.countDown();
    }

    @Override
    public void dropped(long sequenceNumber, String reason) {}
  }

  @Test
  void streamsEndThatCanBeResumedAndTheMapIsWrittenDown() throws Exception {
    RgbdDataset dataset = SyntheticReader.read(1).select(0, 2, FRAMES);
    RecordedWalk walk = RecordedWalk.of(dataset);
    Path data = folder.resolve("data");
    ServerProcess first =
        ServerProcess.start(List.of(), List.of(), folder.resolve("first.log"), data);
    String session;
    try (SlamClient client = SlamClient.connect(first.hostAndPort(), ConnectionSecurity.NONE)) {
      session = client.createSession(options(dataset)).getSessionId();
      Heard heard = new Heard(FRAMES / 2);
      try (FrameStreamer streamer = client.streamFrames(session, IN_FLIGHT, heard)) {
        for (int i = 0; i < FRAMES / 2; i++) {
          send(streamer, walk, i);
        }
        heard.tracked.await();

        first.close(); // SIGTERM; waits

        SlamClientException ended =
            catchThrowableOfType(SlamClientException.class, () -> send(streamer, walk, FRAMES / 2));
        assertThat(ended.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(ended).hasMessageContaining("stream again");
      }
    }
    assertThat(first.failure().orElseThrow()).contains(ENDED_BY_ITSELF);

    long last = walk.shots().get(FRAMES / 2 - 1).entry().index();
    assertThat(checkpoint(data.resolve("sessions").resolve(session + ".db"))).isEqualTo(last);

    try (ServerProcess second =
            ServerProcess.start(List.of(), List.of(), folder.resolve("second.log"), data);
        SlamClient client = SlamClient.connect(second.hostAndPort(), ConnectionSecurity.NONE)) {
      Heard heard = new Heard(FRAMES / 2);
      try (FrameStreamer streamer = client.streamFrames(session, IN_FLIGHT, heard)) {
        assertThat(streamer.lastAccepted()).hasValue(last);
        for (int i = FRAMES / 2; i < FRAMES; i++) {
          send(streamer, walk, i);
        }
        streamer.finish();
      }
      assertThat(client.trajectory(session)).hasSize(FRAMES);
    }
  }

  /** The last frame that the map on disk covers. */
  private static long checkpoint(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sequence_number FROM checkpoints")) {
      return row.getLong(1);
    }
  }

  private static SessionOptions options(RgbdDataset dataset) {
    return new SessionOptions(
        dataset.camera(),
        dataset.depthScale(),
        "realtime",
        Optional.empty(),
        SyncMode.SYNC_MODE_STRICT,
        OptionalLong.of(1),
        "stop");
  }

  private static void send(FrameStreamer streamer, RecordedWalk walk, int number)
      throws InterruptedException {
    RecordedWalk.Shot shot = walk.shots().get(number);
    streamer.send(shot.entry().index(), shot.entry().timestampNanos(), shot.colour(), shot.depth());
  }
}
