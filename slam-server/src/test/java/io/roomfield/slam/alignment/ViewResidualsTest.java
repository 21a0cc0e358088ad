package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.alignment.FramePyramid.Level;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ViewResidualsTest {
  /** Wide enough for all residuals of small displacements to count squared. */
  private static final double INTENSITY_SIGMA = 0.2;

  /**
   * Interpolated images have kinks at every pixel: within such a short step, metres and radians,
   * hardly a point crosses one, while costs of some thousands keep six digits of their difference.
   */
  private static final double STEP = 1e-7;

  private static final PlaneScene CORNER = PlaneScene.corner();
  private static final SE3 REFERENCE = PlaneScene.AT_CORNER;

  /** Where the frame was taken; the points fall between the reference's pixels. */
  private static final SE3 TRUTH = SE3.IDENTITY.perturbed(0.012, -0.007, 0.01, 0.01, 0.015, -0.012);

  private final Level reference = level(REFERENCE);
  private final Level frame = level(REFERENCE.times(TRUTH));

  /** The pose that residuals are looked at: 2 mm and 2 mrad from the true one. */
  private final SE3 assumed = TRUTH.perturbed(0.0012, -0.0007, 0.001, 0.001, 0.0015, -0.0012);

  private static Level level(SE3 pose) {
    return CORNER.pyramid(pose).levels().getFirst();
  }

  @Test
  void theGeometricGradientIsThatOfTheCost() {
    // The surface's slope under a point and the angle of sight count as constants: what that
    // leaves out are the residuals, some millimetres, as a share of the depth or, where walls
    // meet, of a pixel's 3 cm.
    assertGradient(residuals -> residuals.geometry, 0.02);
  }

  @Test
  void thePhotometricGradientIsThatOfTheCost() {
    // Nothing is left out but the six digits of the difference, and the few points that cross.
    assertGradient(residuals -> residuals.colour, 1e-3);
  }

  private void assertGradient(Function<ViewResiduals, NormalEquations> terms, double tolerance) {
    double[] b = terms.apply(at(assumed)).gradient().getDDRM().getData();
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] =
          (cost(terms, moved(assumed, i, STEP)) - cost(terms, moved(assumed, i, -STEP)))
              / (2 * STEP);
    }
    for (int from : new int[] {0, 3}) {
      double longest = Math.hypot(Math.hypot(b[from], b[from + 1]), b[from + 2]);
      assertThat(Arrays.copyOfRange(b, from, from + 3))
          .containsExactly(
              Arrays.copyOfRange(expected, from, from + 3), within(tolerance * longest));
    }
  }

  private double cost(Function<ViewResiduals, NormalEquations> terms, SE3 referenceFromCamera) {
    NormalEquations sum = terms.apply(at(referenceFromCamera));
    return sum.meanCost() * sum.count();
  }

  private static SE3 moved(SE3 pose, int axis, double step) {
    double[] x = new double[6];
    x[axis] = step;
    return pose.perturbed(x[0], x[1], x[2], x[3], x[4], x[5]);
  }

  @Test
  void aStepOfEitherTermFindsTheTruth() {
    ViewResiduals residuals = at(assumed);
    for (NormalEquations terms : new NormalEquations[] {residuals.geometry, residuals.colour}) {
      double[] x = terms.matrix().solve(terms.gradient()).negative().getDDRM().getData();
      SE3 found = assumed.perturbed(x[0], x[1], x[2], x[3], x[4], x[5]);
      SE3 error = TRUTH.inverse().times(found);
      // Interpolation blurs the pattern by a small share of a pixel, which is 9 mm and 8 mrad.
      assertThat(error.translationNorm()).isLessThan(4e-4);
      assertThat(error.rotationAngle()).isLessThan(4e-4);
    }
  }

  @Test
  void aChangeOfExposureIsGainAndOffset() {
    float[] brighter = reference.intensity().clone();
    for (int i = 0; i < brighter.length; i++) {
      brighter[i] = (brighter[i] + 0.02f) / 0.95f;
    }
    ViewResiduals residuals =
        sum(new Level(reference.camera(), reference.depthMetres(), brighter), assumed);
    SimpleMatrix x = residuals.colour.matrix().solve(residuals.colour.gradient()).negative();
    // The frame is 0.95 of what the reference shows now, less 0.02. Byte images, and what one step
    // of the displacement leaves, which gain and offset share.
    assertThat(x.get(6)).isCloseTo(-0.05, within(5e-3));
    assertThat(x.get(7)).isCloseTo(-0.02, within(3e-3));
  }

  @Test
  void sumsDoNotDependOnThreads() throws ExecutionException, InterruptedException {
    ViewResiduals one = onThreads(1);
    ViewResiduals four = onThreads(4);
    assertThat(four.geometry.matrix().getDDRM().getData())
        .isEqualTo(one.geometry.matrix().getDDRM().getData());
    assertThat(four.colour.gradient().getDDRM().getData())
        .isEqualTo(one.colour.gradient().getDDRM().getData());
  }

  private ViewResiduals onThreads(int threads) throws ExecutionException, InterruptedException {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      return pool.submit(() -> at(assumed)).get();
    }
  }

  @Test
  void countsWhatIsReadSeenAndOnTheSurface() {
    PinholeCamera camera = reference.camera();
    int width = camera.width();
    int height = camera.height();
    float[] depth = filled(2, width * height);
    Arrays.fill(depth, 0, width * height / 2, 0);
    float[] other = filled(2, width * height);
    Arrays.fill(other, width * (height - 20), width * (height - 10), 0);
    // 7 cm is the bound at 2 m.
    Arrays.fill(other, width * (height - 10), width * height, 2.08f);
    float[] grey = new float[width * height];
    // A third of a pixel: every point falls between its pixel and the next.
    SE3 third = SE3.IDENTITY.perturbed(2 / camera.fx() / 3, 2 / camera.fy() / 3, 0, 0, 0, 0);
    ViewResiduals residuals =
        ViewResiduals.sum(
            new Level(camera, depth, grey),
            new Level(camera, other, grey),
            third,
            Exposure.SAME,
            INTENSITY_SIGMA);
    assertThat(residuals.readings()).isEqualTo(width * height / 2);
    // The last row and column have no next.
    assertThat(residuals.seen()).isEqualTo((width - 1) * (height / 2 - 1 - 10));
    assertThat(residuals.agreeing()).isEqualTo((width - 1) * (height / 2 - 20));
    assertThat(residuals.geometry.count())
        .as("all four readings around the point are needed")
        .isEqualTo((width - 1) * (height / 2 - 20 - 1));
    assertThat(residuals.colour.count()).as("without a gradient").isZero();
  }

  private static float[] filled(float value, int length) {
    float[] array = new float[length];
    Arrays.fill(array, value);
    return array;
  }

  private ViewResiduals at(SE3 referenceFromCamera) {
    return sum(reference, referenceFromCamera);
  }

  private ViewResiduals sum(Level from, SE3 referenceFromCamera) {
    return ViewResiduals.sum(frame, from, referenceFromCamera, Exposure.SAME, INTENSITY_SIGMA);
  }
}
