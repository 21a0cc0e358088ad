package io.roomfield.slam.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cheap scenarios of {@code ./slam chaos --short}. Times are left to the command. */
@Timeout(300) // a deadlock fails instead of hanging the build
class ScenariosTest {
  private static final int FRAMES = 9;
  private static final int STEP = 4;
  private static final int PLACES = 4;

  private static RecordedWalk walk;

  @TempDir private Path folder;

  @BeforeAll
  static void useThisClassPath() throws IOException {
    System.setProperty(ServerProcess.CLASSPATH_PROPERTY, System.getProperty("java.class.path"));
    System.setProperty(
        ServerProcess.JVM_FLAGS_PROPERTY,
        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx2g");
    RgbdDataset dataset = SyntheticReader.read(1).select(0, 2, FRAMES);
    walk = RecordedWalk.subsampled(dataset, STEP);
  }

  @AfterAll
  static void forgetTheClassPath() {
    System.clearProperty(ServerProcess.CLASSPATH_PROPERTY);
    System.clearProperty(ServerProcess.JVM_FLAGS_PROPERTY);
  }

  private Stage stage() {
    SessionOptions options =
        new SessionOptions(
            walk.camera(),
            1000,
            "realtime",
            Optional.empty(),
            SyncMode.SYNC_MODE_STRICT,
            OptionalLong.of(1),
            "chaos");
    return new Stage(walk, options, List.of(), folder);
  }

  @Test
  void aFullDiskLosesNothing() throws Exception {
    DiskFull.Outcome outcome = new DiskFull().run(stage());
    assumeTrue(outcome.notRun().isEmpty(), outcome.notRun());
    assertThat(outcome.isGood()).as(outcome.inWords()).isTrue();
  }

  @Test
  void damagedFilesAreNamed() throws Exception {
    DamagedFiles.Outcome outcome = new DamagedFiles(PLACES).run(stage());
    assertThat(outcome.isGood()).as(outcome.inWords()).isTrue();
  }

  @Test
  void clocksMayJump() throws Exception {
    ClockJumps.Outcome outcome = new ClockJumps().run(stage());
    assertThat(outcome.isGood()).as(outcome.inWords()).isTrue();
  }
}
