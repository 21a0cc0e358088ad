package io.roomfield.slam.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.chaos.KillAndResume.Moment;
import io.roomfield.slam.client.chaos.KillAndResume.Replayed;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SyncMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./slam chaos} does, on a few frames of a strict session, which repeats bit for bit.
 */
@Timeout(300) // a deadlock fails instead of hanging the build
class KillAndResumeTest {
  private static final int FRAMES = 8;

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

  @Test
  void aKilledServersSessionGoesOnAsIfNothingHadBeen() throws Exception {
    RgbdDataset dataset = SyntheticReader.read(1).select(0, 2, FRAMES);
    SessionOptions options =
        new SessionOptions(
            dataset.camera(),
            dataset.depthScale(),
            "realtime",
            Optional.empty(),
            SyncMode.SYNC_MODE_STRICT,
            OptionalLong.of(1),
            "chaos");
    Stage stage = new Stage(RecordedWalk.of(dataset), options, List.of(), folder);
    Replayed undisturbed = KillAndResume.replay(stage, "undisturbed", Moment.NEVER);
    assertThat(undisturbed.poses()).isEqualTo(FRAMES);

    Replayed killed = KillAndResume.replay(stage, "killed", new Moment(FRAMES / 2, 100));

    assertThat(killed.accepted()).isGreaterThanOrEqualTo(FRAMES / 2);
    assertThat(killed.forgotten()).isZero();
    assertThat(killed.missing()).isZero();
    assertThat(killed.poses()).isEqualTo(FRAMES);
    assertThat(killed.ateMetres()).isEqualTo(undisturbed.ateMetres());
  }
}
