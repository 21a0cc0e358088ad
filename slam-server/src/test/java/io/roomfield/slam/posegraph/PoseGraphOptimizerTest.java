package io.roomfield.slam.posegraph;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.posegraph.PoseEdge.Kind;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoseGraphOptimizerTest {
  private static final int SIZE = 100;

  private static List<SE3> after(OptimizedPoses result) {
    return result.moves().stream().map(PoseMove::after).toList();
  }

  /** Exact edges, poses that are off: the truth is the only minimum. */
  @Test
  void exactMeasurementsGiveTheTruth() {
    PoseCircle circle = new PoseCircle(SIZE, 1);
    PoseGraph graph = new PoseGraph();
    SE3 drift = SE3.fromRotationVector(0.002, -0.001, 0.003, 0.004, -0.003, 0.002);
    SE3 pose = circle.truth(0);
    for (int i = 0; i < SIZE; i++) {
      graph.addNode(i, pose);
      pose = pose.times(circle.relative(i, i + 1)).times(drift).normalised();
    }
    for (int i = 1; i < SIZE; i++) {
      graph.addEdge(edge(i - 1, i, circle.relative(i - 1, i), Kind.ODOMETRY));
    }
    graph.addEdge(edge(SIZE - 1, 0, circle.relative(SIZE - 1, 0), Kind.LOOP));
    OptimizedPoses result = PoseGraphOptimizer.optimise(graph);
    assertThat(circle.error(graph.poses().values())).as("before").isGreaterThan(0.3);
    // Rounding of 1e-15 summed along the chain, and the step of 1e-10 at which iterations end.
    assertThat(circle.error(after(result))).isLessThan(1e-8);
    for (double chi2 : result.chi2()) {
      assertThat(chi2).isLessThan(1e-8);
    }
  }

  private static PoseEdge edge(int from, int to, SE3 measured, Kind kind) {
    return new PoseEdge(
        from,
        to,
        measured,
        PoseEdge.isotropic(PoseCircle.SIGMA_METRES, PoseCircle.SIGMA_RADIANS),
        kind);
  }

  /**
   * Exact odometry but for one wrong step, and a loop. All edges are alike, so the loop's error
   * spreads evenly: each of the 100 edges of the cycle keeps a hundredth of it.
   */
  @Test
  void anErrorSpreadsEvenlyOverACycleOfEqualEdges() {
    PoseGraph graph = new PoseGraph();
    SE3 step = SE3.fromRotationVector(0, 0, 0, 0.1, 0, 0);
    SE3 pose = SE3.IDENTITY;
    for (int i = 0; i < SIZE; i++) {
      graph.addNode(i, pose);
      pose = pose.times(step);
    }
    for (int i = 1; i < SIZE; i++) {
      graph.addEdge(edge(i - 1, i, step, Kind.ODOMETRY));
    }
    // Straight on and back: the loop says it is 2 cm less than the 9.9 m walked.
    double missing = 0.02;
    SE3 loop = SE3.fromRotationVector(0, 0, 0, 9.9 - missing, 0, 0);
    graph.addEdge(edge(0, SIZE - 1, loop, Kind.ODOMETRY));
    OptimizedPoses result = PoseGraphOptimizer.optimise(graph);
    for (int i = 0; i < SIZE; i++) {
      assertThat(result.moves().get(i).after().tx())
          .isEqualTo(i * (0.1 - missing / SIZE), Offset.offset(1e-9));
    }
    double each = Math.pow(missing / SIZE / PoseCircle.SIGMA_METRES, 2);
    for (double chi2 : result.chi2()) {
      assertThat(chi2).isEqualTo(each, Offset.offset(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLoopClosesANoisyCircle(long seed) {
    PoseCircle circle = closedOnce(seed);
    OptimizedPoses result = PoseGraphOptimizer.optimise(circle.graph());
    double before = circle.error(circle.graph().poses().values());
    // Half the circle's drift is what a loop cannot know: a bridge's variance is at most a quarter
    // of the walk's, and over a circle the error of heading weighs most.
    assertThat(circle.error(after(result))).isLessThan(0.6 * before);
    int loop = SIZE - 1;
    assertThat(result.isOutlier(loop)).as("loop %s", result.chi2()[loop]).isFalse();
  }

  /** What plain drift is called is decided by other edges, not by how far off the loop begins. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFalseLoopAmongTrueOnesIsRejected(long seed) {
    PoseCircle with = closed(seed);
    SE3 wrong = with.relative(20, 70).times(SE3.fromRotationVector(0, 0.5, 0, 0.8, 0, -0.4));
    with.add(20, 70, wrong, Kind.LOOP);
    OptimizedPoses misled = PoseGraphOptimizer.optimise(with.graph());
    OptimizedPoses right = PoseGraphOptimizer.optimise(closed(seed).graph());
    int last = misled.chi2().length - 1;
    assertThat(misled.isOutlier(last)).isTrue();
    for (int e = 0; e < last; e++) {
      assertThat(misled.isOutlier(e) && e >= SIZE - 1).as("edge %d", e).isFalse();
    }
    for (int i = 0; i < SIZE; i++) {
      SE3 d = right.moves().get(i).after().inverse().times(misled.moves().get(i).after());
      // The rejected edge still pulls with (s / chi2)^2 of its residual: some 1e-6 of 0.9 m.
      assertThat(d.translationNorm()).isLessThan(1e-4);
    }
  }

  private static PoseCircle closedOnce(long seed) {
    return new PoseCircle(SIZE, seed).walk(1).measure(SIZE - 1, 0, Kind.LOOP, 1);
  }

  private static PoseCircle closed(long seed) {
    PoseCircle circle = closedOnce(seed);
    circle.measure(SIZE - 3, 2, Kind.LOOP, 1);
    circle.measure(10, 60, Kind.LOOP, 1);
    circle.measure(35, 85, Kind.LOOP, 1);
    return circle;
  }

  @Test
  void theFirstNodeStays() {
    PoseCircle circle = closed(4);
    PoseMove first = PoseGraphOptimizer.optimise(circle.graph()).moves().getFirst();
    assertThat(first.id()).isZero();
    assertThat(first.after()).isSameAs(first.before());
    assertThat(first.newFromOld().matrix())
        // A pose times its inverse, entries up to 3.
        .containsExactly(SE3.IDENTITY.matrix(), Offset.offset(1e-14));
  }

  /** Where the world's origin lies changes nothing: the residual knows relative poses only. */
  @Test
  void theWorldsOriginDoesNotMatter() {
    SE3 elsewhere = SE3.fromRotationVector(0.3, -1, 0.5, 40, -70, 20);
    PoseGraph graph = closed(5).graph();
    PoseGraph moved = new PoseGraph();
    graph.poses().forEach((id, pose) -> moved.addNode(id, elsewhere.times(pose)));
    graph.edges().forEach(moved::addEdge);
    List<SE3> here = after(PoseGraphOptimizer.optimise(graph));
    List<SE3> there = after(PoseGraphOptimizer.optimise(moved));
    for (int i = 0; i < SIZE; i++) {
      SE3 d = elsewhere.times(here.get(i)).inverse().times(there.get(i));
      // Where iterations end: a share of 1e-9 of a cost of some hundred is 1e-4 of a sigma of 1 cm.
      assertThat(d.translationNorm()).isLessThan(1e-5);
    }
  }

  /**
   * Two edges disagree by 4 cm along x and along z of their camera; one is sure of x and the other
   * of z. A right angle between the camera and the world tells whose axes are meant.
   */
  @Test
  void informationIsInTheAxesOfTheCameraItLeadsTo() {
    PoseGraph graph = new PoseGraph();
    SE3 truth = SE3.fromRotationVector(0, Math.PI / 2, 0, 1, 0, 0);
    graph.addNode(0, SE3.IDENTITY);
    graph.addNode(1, truth);
    double[] sureOfX = PoseEdge.isotropic(0.01, 0.01);
    sureOfX[0] = 1e8;
    double[] sureOfZ = PoseEdge.isotropic(0.01, 0.01);
    sureOfZ[14] = 1e8;
    SE3 offZ = truth.times(SE3.fromRotationVector(0, 0, 0, 0, 0, 0.04));
    SE3 offX = truth.times(SE3.fromRotationVector(0, 0, 0, 0.04, 0, 0));
    graph.addEdge(new PoseEdge(0, 1, offZ, sureOfX, Kind.ODOMETRY));
    graph.addEdge(new PoseEdge(0, 1, offX, sureOfZ, Kind.ODOMETRY));
    SE3 error = truth.inverse().times(PoseGraphOptimizer.optimise(graph).moves().get(1).after());
    // 1e4 against 1e8: what is left of 4 cm is 4 micrometres.
    assertThat(error.translationNorm()).isLessThan(1e-5);
  }

  @Test
  void runsRepeatBitForBit() {
    OptimizedPoses one = PoseGraphOptimizer.optimise(closed(6).graph());
    OptimizedPoses two = PoseGraphOptimizer.optimise(closed(6).graph());
    assertThat(one.moves()).isEqualTo(two.moves());
    assertThat(one.chi2()).isEqualTo(two.chi2());
    assertThat(one.iterations()).isEqualTo(two.iterations());
  }

  /** Odometry alone contradicts it: it is followed, and the odometry says so. */
  @Test
  void aFalseLoopThatNoOtherEdgeContradictsShowsInTheOdometry() {
    PoseCircle circle = new PoseCircle(SIZE, 7).walk(1);
    circle.add(SIZE - 1, 0, SE3.fromRotationVector(0, 0.4, 0, 1.5, 0, 0), Kind.LOOP);
    OptimizedPoses result = PoseGraphOptimizer.optimise(circle.graph());
    assertThat(result.isOutlier(SIZE - 1)).isFalse();
    double trueSum = sum(PoseGraphOptimizer.optimise(closedOnce(7).graph()).chi2());
    // However long the cycle, closing it adds the chi-square of one measurement.
    assertThat(trueSum).isLessThan(OptimizedPoses.OUTLIER_CHI2);
    assertThat(sum(result.chi2())).isGreaterThan(3 * OptimizedPoses.OUTLIER_CHI2);
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @Test
  void oneNodeStaysAlone() {
    PoseGraph graph = new PoseGraph();
    graph.addNode(3, SE3.IDENTITY);
    assertThat(PoseGraphOptimizer.optimise(graph).moves())
        .containsExactly(new PoseMove(3, SE3.IDENTITY, SE3.IDENTITY));
  }
}
