package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.KinectNoise;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameAlignerTest {
  /** A Kinect's own focal length in pixels. */
  private static final double SENSOR_FX = 525;

  /** Shift and turn of a prediction of the motion model. */
  private static final double PRIOR = 0.05;

  private static final SE3 REFERENCE = PlaneScene.AT_CORNER;

  private final FrameAligner aligner = new FrameAligner(0.03);

  @Test
  void findsAPoseFiveCentimetresAndThreeDegreesOff() {
    PlaneScene room = PlaneScene.corner();
    SE3 truth = REFERENCE.perturbed(0.03, -0.02, 0.04, 0.02, -0.03, 0.04);
    Alignment found = align(room, REFERENCE, truth, displaced(truth));
    // A pixel is 9 mm wide at 2.3 m: interpolation over pixels of the finest level errs by less
    // than a twentieth.
    assertNear(found.worldFromCamera(), truth, 5e-4, 3e-4);
    assertThat(found.openDirections()).isZero();
    assertThat(found.overlap()).isGreaterThan(0.9);
    assertThat(found.agreement()).isGreaterThan(0.99);
    assertThat(deviation(found, 0, 1, 2)).isLessThan(0.005);
    // Without noise residuals are far below what noise would be.
    assertThat(found.depthCost()).isLessThan(0.05);
    assertThat(found.colourCost()).isLessThan(0.05);
  }

  @Test
  void moreReferencesAgree() {
    PlaneScene room = PlaneScene.corner();
    SE3 truth = REFERENCE.perturbed(0.03, -0.02, 0.04, 0.02, -0.03, 0.04);
    SE3 second = REFERENCE.perturbed(-0.1, 0.05, 0, 0, 0.05, 0);
    Alignment found =
        aligner.align(
            room.pyramid(truth),
            List.of(view(room, REFERENCE), view(room, second)),
            displaced(truth));
    assertNear(found.worldFromCamera(), truth, 5e-4, 3e-4);
  }

  @Test
  void colourDecidesWhereAWallLeavesDirectionsOpen() {
    PlaneScene wall = PlaneScene.wall(2, PlaneScene.WAVES);
    SE3 truth = SE3.IDENTITY.perturbed(0.04, 0.02, 0.03, 0.01, -0.02, 0.03);
    Alignment found = align(wall, SE3.IDENTITY, truth, displaced(truth));
    assertThat(found.openDirections()).isEqualTo(3);
    // A tenth of a pixel's 8 mm: grey levels are 1/255 apart, over a gradient of about 1/50 a
    // pixel.
    assertNear(found.worldFromCamera(), truth, 1e-3, 5e-4);
    assertThat(deviation(found, 0, 1, 2)).isLessThan(0.01);
  }

  @Test
  void theMotionModelDecidesOnAPlainWall() {
    PlaneScene wall = PlaneScene.wall(2, PlaneScene.PLAIN);
    SE3 truth = SE3.IDENTITY.perturbed(0.04, 0.02, 0.03, 0, 0, 0);
    SE3 predicted = truth.perturbed(0.03, -0.02, 0.02, 0.02, -0.02, 0.025);
    Alignment found = align(wall, SE3.IDENTITY, truth, predicted);
    assertStaysOnWall(found, truth, predicted, 1e-4);
  }

  @Test
  void noiseOfAPlainWallDoesNotMoveTheCameraAlongIt() {
    for (double metres : new double[] {1, 2, 3, 4}) {
      PlaneScene wall = PlaneScene.wall(metres, PlaneScene.PLAIN);
      SE3 truth = SE3.IDENTITY.perturbed(0.04, 0.02, 0.03, 0, 0, 0);
      SE3 predicted = truth.perturbed(0.03, -0.02, 0.02, 0.02, -0.02, 0.025);
      Alignment found =
          aligner.align(
              noisy(wall, truth, 1), List.of(noisyView(wall, SE3.IDENTITY, 2)), predicted);
      // Readings of a wall across the sight all fall on the same one or two steps of disparity:
      // each view is up to half a step off, 5 cm at 4 m.
      double step =
          metres * metres / (KinectNoise.SUBPIXELS * SENSOR_FX * KinectNoise.BASELINE_METRES);
      assertStaysOnWall(found, truth, predicted, step);
    }
  }

  /**
   * Distance and tilt are found; along the wall and about its normal it is where it was expected,
   * and that is all that is known.
   */
  private static void assertStaysOnWall(
      Alignment found, SE3 truth, SE3 predicted, double tolerance) {
    SE3 pose = found.worldFromCamera();
    assertThat(found.openDirections()).isEqualTo(3);
    assertThat(pose.tz()).isCloseTo(truth.tz(), within(tolerance));
    double[] looking = pose.rotate(0, 0, 1);
    assertThat(looking[2]).isCloseTo(1, within(tolerance * tolerance / 2));
    // The turn about the tilted axis of sight and back is of second order: 0.02 * 0.02 radians.
    assertThat(pose.tx()).isCloseTo(predicted.tx(), within(5e-4));
    assertThat(pose.ty()).isCloseTo(predicted.ty(), within(5e-4));
    assertThat(pose.rotationVector()[2]).isCloseTo(predicted.rotationVector()[2], within(5e-4));
    // Nothing but the prior along the wall.
    assertThat(deviation(found, 0)).isCloseTo(PRIOR, within(0.01 * PRIOR));
    assertThat(deviation(found, 1)).isCloseTo(PRIOR, within(0.01 * PRIOR));
    assertThat(deviation(found, 5)).isCloseTo(PRIOR, within(0.01 * PRIOR));
    assertThat(deviation(found, 2)).isLessThan(0.1 * PRIOR);
    assertThat(deviation(found, 3, 4)).isLessThan(0.1 * PRIOR);
  }

  @Test
  void noiseLeavesCentimetresOfACornerFarBehind() {
    PlaneScene room = PlaneScene.corner();
    SE3 truth = REFERENCE.perturbed(0.03, -0.02, 0.04, 0.02, -0.03, 0.04);
    Alignment found =
        aligner.align(
            noisy(room, truth, 1), List.of(noisyView(room, REFERENCE, 2)), displaced(truth));
    assertThat(found.openDirections()).isZero();
    // A reading's noise at 2.3 m is 8 mm, and thousands are read.
    assertNear(found.worldFromCamera(), truth, 2e-3, 1e-3);
  }

  @Test
  void aChangeOfExposureDoesNotMoveThePose() {
    PlaneScene wall = PlaneScene.wall(2, PlaneScene.WAVES);
    SE3 truth = SE3.IDENTITY.perturbed(0.02, 0.02, 0, 0, 0, 0.02);
    FramePyramid brighter =
        FramePyramid.of(PlaneScene.CAMERA, wall.depth(truth), wall.rgb(truth, 0.1));
    Alignment found = aligner.align(brighter, List.of(view(wall, SE3.IDENTITY)), SE3.IDENTITY);
    // As without the change.
    assertNear(found.worldFromCamera(), truth, 1e-3, 5e-4);
  }

  @Test
  void theSameViewsGiveTheSamePose() {
    PlaneScene room = PlaneScene.corner();
    SE3 truth = REFERENCE.perturbed(0.03, -0.02, 0.04, 0.02, -0.03, 0.04);
    Alignment first = align(room, REFERENCE, truth, REFERENCE);
    Alignment second = align(room, REFERENCE, truth, REFERENCE);
    assertThat(second.worldFromCamera()).isEqualTo(first.worldFromCamera());
    assertThat(second.covariance()).isEqualTo(first.covariance());
  }

  @Test
  void aFrameThatSeesSomethingElseHasNoOverlapAndStaysWhereItWasExpected() {
    PlaneScene room = PlaneScene.corner();
    SE3 away = SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0).times(REFERENCE);
    Alignment found = aligner.align(room.pyramid(REFERENCE), List.of(view(room, REFERENCE)), away);
    assertThat(found.overlap()).isZero();
    assertThat(found.agreement()).isZero();
    assertThat(found.openDirections()).isEqualTo(6);
    assertNear(found.worldFromCamera(), away, 1e-9, 1e-7); // rounding; of an angle, its root
  }

  @Test
  void withoutReferencesItThrows() {
    FramePyramid frame = PlaneScene.corner().pyramid(REFERENCE);
    assertThatThrownBy(() -> aligner.align(frame, List.of(), REFERENCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("references: none (expected: at least one)");
  }

  /** 5 cm and three degrees from a pose. */
  private static SE3 displaced(SE3 pose) {
    return pose.perturbed(0.03, -0.03, 0.026, 0.03, -0.03, 0.03);
  }

  private Alignment align(PlaneScene scene, SE3 reference, SE3 truth, SE3 predicted) {
    return aligner.align(scene.pyramid(truth), List.of(view(scene, reference)), predicted);
  }

  private static ReferenceView view(PlaneScene scene, SE3 pose) {
    return new ReferenceView(scene.pyramid(pose), pose);
  }

  private static ReferenceView noisyView(PlaneScene scene, SE3 pose, long seed) {
    return new ReferenceView(noisy(scene, pose, seed), pose);
  }

  private static FramePyramid noisy(PlaneScene scene, SE3 pose, long seed) {
    float[] depth = KinectNoise.apply(scene.depth(pose), PlaneScene.CAMERA, SENSOR_FX, seed);
    return FramePyramid.of(PlaneScene.CAMERA, depth, scene.rgb(pose, 0));
  }

  private static double deviation(Alignment found, int... axes) {
    double variance = 0;
    for (int axis : axes) {
      variance += found.covariance()[7 * axis];
    }
    return Math.sqrt(variance);
  }

  private static void assertNear(SE3 found, SE3 truth, double metres, double radians) {
    SE3 error = truth.inverse().times(found);
    assertThat(error.translationNorm()).as("metres off").isLessThan(metres);
    assertThat(error.rotationAngle()).as("radians off").isLessThan(radians);
  }
}
