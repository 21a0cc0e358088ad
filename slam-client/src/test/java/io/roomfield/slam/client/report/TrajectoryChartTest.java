package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

class TrajectoryChartTest {
  @Test
  void metresAreEquallyLongOnBothAxes() {
    assertEqualScale(5, 0.3);
    assertEqualScale(0.02, 4);
    assertEqualScale(0, 0); // a camera at rest
  }

  private static void assertEqualScale(double right, double forward) {
    List<TimedPose> poses =
        List.of(
            new TimedPose(0, SE3.IDENTITY),
            new TimedPose(1, SE3.fromRotationVector(0, 0, 0, right, 0, 0)),
            new TimedPose(2, SE3.fromRotationVector(0, 0, 0, right, 0, forward)));
    XYChart chart = TrajectoryChart.draw(poses, List.of());
    double[] pixelsPerMetre = TrajectoryChart.pixelsPerMetre(chart, 0, 0);
    // the labels of the last pass may be a few of 900 pixels wider than those it was fitted with
    assertThat(pixelsPerMetre[0] / pixelsPerMetre[1]).isEqualTo(1, within(0.01));
  }
}
