package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.posegraph.PoseEdge.Kind;
import java.util.SplittableRandom;

/** A camera that walks a circle of 3 m radius looking outwards, and what it measures. */
final class PoseCircle {
  static final double SIGMA_METRES = 0.01;
  static final double SIGMA_RADIANS = 0.005;

  private static final double RADIUS = 3;
  private static final double RISE = 0.3;

  private final int size;
  private final SplittableRandom random;
  private final PoseGraph graph = new PoseGraph();

  /** A circle without edges of {@code size} true poses. */
  PoseCircle(int size, long seed) {
    this.size = size;
    random = new SplittableRandom(seed);
  }

  SE3 truth(int i) {
    double angle = 2 * Math.PI * i / size;
    double x = RADIUS * Math.cos(angle);
    double y = RADIUS * Math.sin(angle);
    double z = RISE * Math.sin(3 * angle);
    return SE3.lookAt(
        new double[] {x, y, z}, new double[] {2 * x, 2 * y, 0}, new double[] {0, 0, 1});
  }

  SE3 relative(int i, int j) {
    return truth(i).inverse().times(truth(j));
  }

  /** Adds every pose as odometry tells it, and odometry's edges. */
  PoseCircle walk(double noise) {
    SE3 pose = truth(0);
    graph.addNode(0, pose);
    for (int i = 1; i < size; i++) {
      SE3 measured = noisy(relative(i - 1, i), noise);
      pose = pose.times(measured).normalised();
      graph.addNode(i, pose);
      add(i - 1, i, measured, Kind.ODOMETRY);
    }
    return this;
  }

  PoseCircle measure(int from, int to, Kind kind, double noise) {
    add(from, to, noisy(relative(from, to), noise), kind);
    return this;
  }

  /** An edge of the usual noise that says what it is told. */
  PoseCircle add(int from, int to, SE3 measured, Kind kind) {
    graph.addEdge(
        new PoseEdge(from, to, measured, PoseEdge.isotropic(SIGMA_METRES, SIGMA_RADIANS), kind));
    return this;
  }

  PoseGraph graph() {
    return graph;
  }

  /**
   * @param noise beside the usual standard deviations; 0 for none
   */
  private SE3 noisy(SE3 pose, double noise) {
    double[] g = new double[6];
    for (int k = 0; k < 6; k++) {
      g[k] = noise * random.nextGaussian() * (k < 3 ? SIGMA_METRES : SIGMA_RADIANS);
    }
    return pose.times(SE3.fromRotationVector(g[3], g[4], g[5], g[0], g[1], g[2]));
  }

  /** Root mean square of the distances to the true positions, in metres. */
  double error(Iterable<SE3> poses) {
    double sum = 0;
    int i = 0;
    for (SE3 pose : poses) {
      SE3 t = truth(i++);
      sum +=
          Math.pow(
              Math.hypot(Math.hypot(t.tx() - pose.tx(), t.ty() - pose.ty()), t.tz() - pose.tz()),
              2);
    }
    return Math.sqrt(sum / i);
  }
}
