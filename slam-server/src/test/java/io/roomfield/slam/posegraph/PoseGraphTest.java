package io.roomfield.slam.posegraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.posegraph.PoseEdge.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PoseGraphTest {
  private final PoseGraph graph = new PoseGraph();

  private static PoseEdge edge(int from, int to, Kind kind) {
    return new PoseEdge(from, to, SE3.IDENTITY, PoseEdge.isotropic(0.01, 0.01), kind);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void refusesWhatIsNoGraph() {
    assertRefused(
        () -> PoseGraphOptimizer.optimise(graph), "pose graph: no nodes (expected: at least one)");
    graph.addNode(0, SE3.IDENTITY);
    assertRefused(() -> graph.addNode(0, SE3.IDENTITY), "keyframe 0: added twice (expected: once)");
    assertRefused(
        () -> graph.addEdge(edge(0, 4, Kind.LOOP)),
        "edge 0 -> 4: keyframe 4 is no node (expected: added before its edges)");
    graph.addNode(1, SE3.IDENTITY);
    graph.addEdge(edge(0, 1, Kind.LOOP));
    assertRefused(
        () -> PoseGraphOptimizer.optimise(graph),
        "keyframe 1: not connected to keyframe 0 by odometry (expected: every keyframe is)");
  }

  @Test
  void refusesWhatIsNoEdge() {
    assertRefused(
        () -> edge(2, 2, Kind.LOOP), "loop edge 2 -> 2 (expected: two different keyframes)");
    assertInformationRefused(new double[5], ": 5 numbers (expected: 36)");
    String expected = " (expected: finite, symmetric and positive definite)";
    assertInformationRefused(new double[36], expected);
    double[] skewed = PoseEdge.isotropic(0.1, 0.1);
    skewed[1] = 1;
    assertInformationRefused(skewed, expected);
    double[] notANumber = PoseEdge.isotropic(0.1, 0.1);
    notANumber[7] = Double.NaN;
    assertInformationRefused(notANumber, expected);
  }

  @Test
  void anEdgeTellsHowFarPosesAreFromItInUnitsOfItsNoise() {
    SE3 measured = SE3.fromRotationVector(0.1, -0.2, 0.3, 1, 2, 3);
    PoseEdge edge = new PoseEdge(0, 1, measured, PoseEdge.isotropic(0.01, 0.02), Kind.LOOP);
    SE3 from = SE3.fromRotationVector(0.5, 0.4, -0.3, -1, 0, 2);
    SE3 off = SE3.fromRotationVector(0, 0.06, 0, 0.02, 0, 0);
    // Rounding of products of a few numbers of order 1, beside the noise.
    assertThat(edge.chi2(from, from.times(measured))).isLessThan(1e-20);
    assertThat(edge.chi2(from, from.times(measured).times(off))).isCloseTo(4 + 9, within(1e-9));
  }

  private static void assertInformationRefused(double[] information, String message) {
    assertRefused(
        () -> new PoseEdge(1, 2, SE3.IDENTITY, information, Kind.ODOMETRY),
        "information of odometry edge 1 -> 2" + message);
  }
}
