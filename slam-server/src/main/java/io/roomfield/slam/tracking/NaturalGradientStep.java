package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;
import java.util.Arrays;
import org.ejml.simple.SimpleMatrix;

/**
 * Steps along the natural gradient (Amari 1998) of the tracking loss, halved whenever a step did
 * not help.
 *
 * <p>The loss is a sum of absolute residuals {@code |r_i|}, a Laplacian likelihood of scale {@code
 * b = mean |r_i|}. With {@code g_i} the gradient of one ray's term, {@code F = sum g_i g_i^T} is
 * its (empirical) Fisher information, and an offset {@code x} from the optimum shows as {@code sum
 * g_i = F x / b}. So the step is {@code -b F^-1 sum g_i}: unlike Adam's, which scales every axis by
 * itself, it knows that a small turn and a small shift look alike.
 */
final class NaturalGradientStep implements PoseStep {
  private static final double DAMPING = 1e-3;
  private static final double MAX_METRES = 0.05;
  private static final double MAX_RADIANS = 0.05;

  private Evaluation best;
  private double rate = 1;

  @Override
  public SE3 next(Evaluation at) {
    if (best == null || at.losses().total() < best.losses().total()) {
      best = at;
    } else {
      rate *= 0.5;
    }
    if (!Double.isFinite(best.losses().total()) || !allFinite(best.information())) {
      return best.pose();
    }
    int terms = best.losses().depthCount() - best.losses().outliers();
    double scale = rate * best.losses().total() / Math.max(1, terms);
    SimpleMatrix f = new SimpleMatrix(6, 6, true, best.information());
    SimpleMatrix damped = f.plus(SimpleMatrix.diag(f.diag().getDDRM().getData()).scale(DAMPING));
    SimpleMatrix g = new SimpleMatrix(6, 1, true, best.gradient());
    double[] d =
        damped
            .plus(SimpleMatrix.identity(6).scale(1e-9))
            .solve(g)
            .scale(-scale)
            .getDDRM()
            .getData();
    double metres = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    double radians = Math.sqrt(d[3] * d[3] + d[4] * d[4] + d[5] * d[5]);
    double shrink = Math.min(1, Math.min(MAX_METRES / metres, MAX_RADIANS / radians));
    return best.pose()
        .perturbed(
            shrink * d[0],
            shrink * d[1],
            shrink * d[2],
            shrink * d[3],
            shrink * d[4],
            shrink * d[5]);
  }

  private static boolean allFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
