package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AbsoluteTrajectoryErrorTest {
  /** Double precision on coordinates of a few metres. */
  private static final double ROUNDING = 1e-12;

  private static final long MILLISECOND = 1_000_000;

  @Test
  void agreesWithTheOracle() {
    for (JsonNode expected : Oracle.read().get("trajectories")) {
      AbsoluteTrajectoryError error =
          AbsoluteTrajectoryError.of(
              Oracle.poses(expected, "estimate"), Oracle.poses(expected, "truth"));
      JsonNode ate = expected.get("ate");
      assertThat(error.rmse()).isEqualTo(ate.get("rmse").asDouble(), within(Oracle.TOLERANCE));
      assertThat(error.mean()).isEqualTo(ate.get("mean").asDouble(), within(Oracle.TOLERANCE));
      assertThat(error.median()).isEqualTo(ate.get("median").asDouble(), within(Oracle.TOLERANCE));
      assertThat(error.max()).isEqualTo(ate.get("max").asDouble(), within(Oracle.TOLERANCE));
      assertThat(error.pairs()).isEqualTo(12);
      assertThat(error.errors())
          .containsExactly(Oracle.numbers(ate.get("errors")), within(Oracle.TOLERANCE));
      assertThat(error.truthFromEstimate().matrix())
          .containsExactly(
              Oracle.numbers(expected.get("truth_from_estimate")), within(Oracle.TOLERANCE));
    }
  }

  @Test
  void movedCopyHasNoError() {
    SE3 motion = SE3.fromRotationVector(0.2, 1, -0.5, 4, 5, 6);
    List<TimedPose> estimate = square().stream().map(p -> p.in(motion)).toList();
    AbsoluteTrajectoryError error = AbsoluteTrajectoryError.of(estimate, square());
    assertThat(error.max()).isLessThan(ROUNDING);
    assertThat(error.truthFromEstimate().matrix())
        .containsExactly(motion.inverse().matrix(), within(ROUNDING));
  }

  @Test
  void grownSquareIsOffByHalfItsDiagonalsGrowth() {
    List<TimedPose> estimate =
        square().stream().map(p -> at(p.timestampNanos(), 1.1, p.worldFromCamera())).toList();
    AbsoluteTrajectoryError error = AbsoluteTrajectoryError.of(estimate, square());
    double expected = 0.1 * Math.sqrt(0.5); // corners of the unit square lie sqrt(1/2) off centre
    assertThat(error.rmse()).isEqualTo(expected, within(ROUNDING));
    assertThat(error.max()).isEqualTo(expected, within(ROUNDING));
  }

  @Test
  void posesMatchByTime() {
    List<TimedPose> truth = new ArrayList<>(square());
    truth.add(new TimedPose(34 * MILLISECOND, SE3.fromRotationVector(0, 0, 0, 9, 9, 9)));
    Collections.shuffle(truth, new Random(4));
    List<TimedPose> estimate = new ArrayList<>();
    for (TimedPose pose : square()) {
      estimate.add(new TimedPose(pose.timestampNanos() + 9 * MILLISECOND, pose.worldFromCamera()));
    }
    estimate.add(new TimedPose(321 * MILLISECOND, SE3.IDENTITY)); // the last truth is at 300 ms
    AbsoluteTrajectoryError error = AbsoluteTrajectoryError.of(estimate, truth);
    assertThat(error.pairs()).isEqualTo(4);
    assertThat(error.max()).isLessThan(ROUNDING);
    assertThat(error.timestampsNanos())
        .containsExactly(9 * MILLISECOND, 109 * MILLISECOND, 209 * MILLISECOND, 309 * MILLISECOND);
  }

  @Test
  void tooFewMatchesAreRefused() {
    List<TimedPose> late =
        square().stream()
            .map(p -> new TimedPose(p.timestampNanos() + 1000 * MILLISECOND, p.worldFromCamera()))
            .toList();
    assertThatThrownBy(() -> AbsoluteTrajectoryError.of(late, square()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 and 0 points");
  }

  /** Corners of the unit square in the x-z plane, 100 ms apart. */
  private static List<TimedPose> square() {
    return List.of(
        new TimedPose(0, SE3.fromRotationVector(0, 0, 0, 0, 0, 0)),
        new TimedPose(100 * MILLISECOND, SE3.fromRotationVector(0, 0, 0, 1, 0, 0)),
        new TimedPose(200 * MILLISECOND, SE3.fromRotationVector(0, 0, 0, 1, 0, 1)),
        new TimedPose(300 * MILLISECOND, SE3.fromRotationVector(0, 0, 0, 0, 0, 1)));
  }

  private static TimedPose at(long timestampNanos, double scale, SE3 pose) {
    return new TimedPose(
        timestampNanos,
        SE3.fromRotationVector(0, 0, 0, scale * pose.tx(), scale * pose.ty(), scale * pose.tz()));
  }
}
