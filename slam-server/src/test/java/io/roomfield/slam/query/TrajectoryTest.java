package io.roomfield.slam.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrajectoryTest {
  /** Double precision through a handful of operations on values of order 1. */
  private static final double ROUNDING = 1e-12;

  private final Trajectory trajectory =
      new Trajectory(
          List.of(
              result(1, 100, SE3.IDENTITY, TrackingStatus.TRACKING, 1),
              result(
                  2, 200, SE3.fromRotationVector(0, 0, 1, 4, 0, 8), TrackingStatus.UNCERTAIN, 3)));

  @Test
  void atAFramesTimeItIsTheFrames() {
    assertThat(trajectory.at(100)).containsSame(trajectory.poses().getFirst());
    assertThat(trajectory.at(200)).containsSame(trajectory.poses().getLast());
  }

  @Test
  void betweenFramesItIsInterpolated() {
    TrackingResult quarter = trajectory.at(125).orElseThrow();

    assertThat(quarter.sequenceNumber()).isEqualTo(1);
    assertThat(quarter.timestampNanos()).isEqualTo(125);
    assertThat(quarter.worldFromCamera().tx()).isCloseTo(1, within(ROUNDING));
    assertThat(quarter.worldFromCamera().tz()).isCloseTo(2, within(ROUNDING));
    assertThat(quarter.worldFromCamera().rotationAngle()).isCloseTo(0.25, within(ROUNDING));
    assertThat(quarter.covariance()[0]).isCloseTo(1.5, within(ROUNDING));
  }

  @Test
  void theWorseStatusHolds() {
    TrackingResult between = trajectory.at(101).orElseThrow();

    assertThat(between.status()).isEqualTo(TrackingStatus.UNCERTAIN);
    assertThat(between.statusReason()).isEqualTo("UNCERTAIN");
  }

  @Test
  void outsideItsSpanThereIsNone() {
    assertThat(trajectory.at(99)).isEmpty();
    assertThat(trajectory.at(201)).isEmpty();
    assertThat(new Trajectory(List.of()).at(0)).isEmpty();
  }

  private static TrackingResult result(
      long sequenceNumber,
      long timestampNanos,
      SE3 worldFromCamera,
      TrackingStatus status,
      double variance) {
    double[] covariance = new double[36];
    Arrays.fill(covariance, variance);
    return new TrackingResult(
        sequenceNumber,
        timestampNanos,
        worldFromCamera,
        SE3.IDENTITY,
        status,
        status.name(),
        true,
        covariance,
        0.1,
        0.1,
        1);
  }
}
