package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RelativePoseErrorTest {
  @Test
  void agreesWithTheOracle() {
    for (JsonNode expected : Oracle.read().get("trajectories")) {
      JsonNode rpe = expected.get("rpe");
      RelativePoseError error =
          RelativePoseError.of(
              Oracle.poses(expected, "estimate"),
              Oracle.poses(expected, "truth"),
              rpe.get("delta").asInt());
      assertThat(error.transRmse())
          .isEqualTo(rpe.get("trans_rmse").asDouble(), within(Oracle.TOLERANCE));
      assertThat(error.rotRmse())
          .isEqualTo(rpe.get("rot_rmse").asDouble(), within(Oracle.TOLERANCE));
    }
  }

  @Test
  void constantDriftIsTheErrorOfEachStep() {
    List<TimedPose> truth = line(0.1, 0.02);
    List<TimedPose> estimate = line(0.13, 0.025);
    RelativePoseError step = RelativePoseError.of(estimate, truth, 1);
    // double precision on values of size 1; the turn makes a step's translation the same each time
    assertThat(step.rotRmse()).isEqualTo(0.005, within(1e-9));
    assertThat(step.transRmse()).isEqualTo(0.03, within(1e-9));
    assertThat(RelativePoseError.of(estimate, truth, 4).rotRmse()).isEqualTo(0.02, within(1e-9));
  }

  @Test
  void driftOverTheWholeSequenceIsThatOfItsLastPose() {
    SE3 elsewhere = SE3.fromRotationVector(0.3, -0.2, 1.1, 2, -1, 0.5);
    List<TimedPose> truth = line(0.1, 0);
    List<TimedPose> estimate = line(0.13, 0).stream().map(pose -> pose.in(elsewhere)).toList();
    // nine steps of 3 cm; double precision on values of size 1
    assertThat(RelativePoseError.overWholeSequence(estimate, truth).transRmse())
        .isEqualTo(0.27, within(1e-9));
    assertThatThrownBy(() -> RelativePoseError.overWholeSequence(truth.subList(0, 1), truth))
        .hasMessageContaining("delta 1 over 1 matched poses");
  }

  @Test
  void deltaMustFitTheMatches() {
    List<TimedPose> poses = line(0.1, 0);
    assertThatThrownBy(() -> RelativePoseError.of(poses, poses, 0)).hasMessageContaining("delta 0");
    assertThatThrownBy(() -> RelativePoseError.of(poses, poses, 10))
        .hasMessageContaining("delta 10 over 10 matched poses");
  }

  /** Ten poses, each {@code step} metres forward of the one before and turned by {@code turn}. */
  private static List<TimedPose> line(double step, double turn) {
    SE3 motion = SE3.fromRotationVector(0, turn, 0, 0, 0, step);
    return LongStream.range(0, 10)
        .mapToObj(
            i -> {
              SE3 pose = SE3.IDENTITY;
              for (int k = 0; k < i; k++) {
                pose = pose.times(motion);
              }
              return new TimedPose(i * 33_000_000, pose);
            })
        .toList();
  }
}
