package io.roomfield.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrajectoryFileTest {
  /** The file holds nine decimals. */
  private static final double WRITTEN_PRECISION = 1e-8;

  @TempDir Path folder;

  @Test
  void writtenTrajectoryReadsBack() throws IOException {
    Path file = folder.resolve("trajectory.txt");
    List<TimedPose> poses =
        List.of(
            new TimedPose(0, SE3.IDENTITY),
            new TimedPose(
                1_341_839_846_013_456_789L, SE3.fromRotationVector(0.1, -2, 0.4, 1.25, -7, 3e-5)));
    TrajectoryFile.write(file, poses);
    List<TimedPose> back = TrajectoryFile.read(file);
    assertThat(back)
        .extracting(TimedPose::timestampNanos)
        .containsExactly(0L, 1341839846013456789L);
    assertThat(back.get(1).worldFromCamera().matrix())
        .containsExactly(poses.get(1).worldFromCamera().matrix(), within(WRITTEN_PRECISION));
  }

  @Test
  void readsTheBenchmarksOwnFiles() throws IOException {
    Path file = folder.resolve("groundtruth.txt");
    Files.writeString(
        file,
        """
        # ground truth trajectory
        # timestamp tx ty tz qx qy qz qw

        1305031098.6659 1.3563 0.6305 1.6380 0.6132 0.5962 -0.3311 -0.3986
        """);
    TimedPose pose = TrajectoryFile.read(file).getFirst();
    assertThat(pose.timestampNanos()).isEqualTo(1_305_031_098_665_900_000L);
    assertThat(pose.worldFromCamera().tz()).isEqualTo(1.6380);
    // four decimals of the file's quaternion
    assertThat(pose.worldFromCamera().quaternion())
        .containsExactly(new double[] {-0.6132, -0.5962, 0.3311, 0.3986}, within(1e-4));
  }

  @Test
  void damagedLinesAreRefusedByNumber() {
    refused("0 1 2 3 0 0 0\n", "line 1: 7 numbers (expected: 8");
    refused("# x\n0 1 2 three 0 0 0 1\n", "line 2: 'three' (expected: a number)");
    refused("0 1 2 3 0 0 0 0\n", "line 1: pose: quaternion");
    refused("NaN 1 2 3 0 0 0 1\n", "line 1: 'NaN' (expected: a number)");
    refused("1e30 1 2 3 0 0 0 1\n", "line 1: ");
  }

  private void refused(String text, String message) {
    Path file = folder.resolve("bad.txt");
    assertThatThrownBy(
            () -> {
              Files.writeString(file, text);
              TrajectoryFile.read(file);
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bad.txt, " + message);
  }
}
