package io.roomfield.slam.relocalisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.Test;

/** A pose from made correspondences: found among wrong ones, then refined. */
class PoseRefinementTest {
  private static final PinholeCamera CAMERA = SmallFrames.CAMERA;
  private static final SE3 TRUTH = SE3.fromRotationVector(0.2, -0.5, 0.1, 0.6, -0.2, 0.3);
  private static final int COUNT = 100;
  private static final int MIN_INLIERS = 12;

  private final PerspectiveNPoint perspective = new PerspectiveNPoint(CAMERA);
  private final PoseRefinement refinement = new PoseRefinement(CAMERA);

  @Test
  void exactCorrespondencesGiveTheExactPose() {
    Correspondences exact = correspondences(0, 0);
    SE3 start = TRUTH.perturbed(0.02, -0.01, 0.01, 0.005, 0.002, -0.005);
    SE3 refined = refinement.refine(exact, start, MIN_INLIERS).orElseThrow();
    // Gauss-Newton converges quadratically here; what is left is rounding and the weak prior.
    assertThat(error(refined).translationNorm()).isLessThan(1e-7);
    assertThat(error(refined).rotationAngle()).isLessThan(1e-7);
    assertThat(refinement.inliers(exact, refined)).isEqualTo(COUNT);
  }

  @Test
  void aPoseIsFoundAmongWrongMatches() {
    Correspondences halfWrong = correspondences(0.5, 0.5);
    SE3 found = perspective.solve(halfWrong).orElseThrow();
    SE3 refined = refinement.refine(halfWrong, found, MIN_INLIERS).orElseThrow();
    // 50 points with half a pixel and half a centimetre of noise: millimetres; the tenfold is
    // allowed.
    assertThat(error(refined).translationNorm()).isLessThan(0.02);
    assertThat(error(refined).rotationAngle()).isLessThan(0.01);
    // A wrong one agrees by chance with (8 / 240)^2 of the image; noise never reaches 4 pixels.
    assertThat(refinement.inliers(halfWrong, refined)).isBetween(45, 53);
  }

  @Test
  void depthOfTheFrameMakesItBetter() {
    double with = 0;
    double without = 0;
    for (int seed = 0; seed < 20; seed++) {
      Correspondences noisy = correspondences(0, 1, seed);
      double[] none = new double[COUNT];
      Arrays.fill(none, Double.NaN);
      Correspondences blind = new Correspondences(noisy.points(), noisy.pixels(), none);
      with += error(refinement.refine(noisy, TRUTH, MIN_INLIERS).orElseThrow()).translationNorm();
      without +=
          error(refinement.refine(blind, TRUTH, MIN_INLIERS).orElseThrow()).translationNorm();
    }
    assertThat(with).isLessThan(without);
  }

  @Test
  void matchesThatDoNotAgreeGiveNoPose() {
    Correspondences wrong = correspondences(1, 0);
    Optional<SE3> refined =
        perspective.solve(wrong).flatMap(pose -> refinement.refine(wrong, pose, MIN_INLIERS));
    assertThat(refined).isEmpty();
    Correspondences three =
        new Correspondences(new double[9], new double[6], new double[] {1, 1, 1});
    assertThat(perspective.solve(three)).isEmpty();
  }

  @Test
  void sameCorrespondencesGiveTheSamePoseWhateverWasDrawnBefore() {
    Correspondences halfWrong = correspondences(0.5, 0.5);
    SE3 first = perspective.solve(halfWrong).orElseThrow();
    opencv_core.setRNGSeed(12345);
    assertThat(perspective.solve(halfWrong)).contains(first);
  }

  @Test
  void jacobianAgreesWithCentralDifferences() {
    Correspondences noisy = correspondences(0, 1);
    double step = 1e-6;
    for (int i = 0; i < 5; i++) {
      double[][] jacobian = refinement.jacobian(noisy, i, TRUTH);
      for (int unknown = 0; unknown < 6; unknown++) {
        double[] above = refinement.residuals(noisy, i, moved(unknown, step));
        double[] below = refinement.residuals(noisy, i, moved(unknown, -step));
        for (int r = 0; r < 3; r++) {
          double numerical = (above[r] - below[r]) / (2 * step);
          // Residuals of some tens with 1e-16 relative rounding, over 2e-6: 1e-8; derivatives of
          // some hundreds, curvature times step squared below that.
          assertThat(jacobian[r][unknown]).isCloseTo(numerical, within(1e-5));
        }
      }
    }
  }

  @Test
  void nativeMemoryIsReleased() {
    Correspondences mostlyRight = correspondences(0.1, 0.5);
    perspective.solve(mostlyRight);
    long before = Pointer.totalCount();
    for (int call = 0; call < 1000; call++) {
      perspective.solve(mostlyRight);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static SE3 moved(int unknown, double step) {
    double[] d = new double[6];
    d[unknown] = step;
    return TRUTH.perturbed(d[0], d[1], d[2], d[3], d[4], d[5]);
  }

  private static SE3 error(SE3 estimate) {
    return TRUTH.inverse().times(estimate);
  }

  private static Correspondences correspondences(double wrongShare, double noise) {
    return correspondences(wrongShare, noise, 0);
  }

  /**
   * Points 1 to 4 m before the frame.
   *
   * @param wrongShare of the correspondences, the first ones: pixels are anywhere
   * @param noise deviation in pixels, and in units of the sensor's: 5 mm and 2 mm a square metre
   */
  private static Correspondences correspondences(double wrongShare, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SE3 keyframeFromFrame = TRUTH.inverse();
    double[] points = new double[3 * COUNT];
    double[] pixels = new double[2 * COUNT];
    double[] depths = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      double u = random.nextDouble(CAMERA.width());
      double v = random.nextDouble(CAMERA.height());
      double z = random.nextDouble(1, 4);
      double x = (u - CAMERA.cx()) / CAMERA.fx() * z;
      double y = (v - CAMERA.cy()) / CAMERA.fy() * z;
      System.arraycopy(keyframeFromFrame.apply(x, y, z), 0, points, 3 * i, 3);
      boolean wrong = i < wrongShare * COUNT;
      pixels[2 * i] = wrong ? random.nextDouble(CAMERA.width()) : u + noise * random.nextGaussian();
      pixels[2 * i + 1] =
          wrong ? random.nextDouble(CAMERA.height()) : v + noise * random.nextGaussian();
      depths[i] =
          wrong
              ? random.nextDouble(1, 4)
              : z + noise * (0.005 + 0.002 * z * z) * random.nextGaussian();
    }
    return new Correspondences(points, pixels, depths);
  }
}
