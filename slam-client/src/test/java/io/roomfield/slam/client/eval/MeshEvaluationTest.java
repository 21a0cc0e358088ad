package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeshEvaluationTest {
  /** Mesh positions are kept in float: 2^-24 of a few metres. */
  private static final double ROUNDING = 1e-6;

  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 60, 60, 31.5, 23.5);

  @Test
  void formulasAgreeWithTheOracle() {
    JsonNode expected = Oracle.read().get("mesh_errors");
    MeshErrors errors =
        MeshErrors.ofDistances(
            Oracle.numbers(expected.get("estimate_to_truth")),
            Oracle.numbers(expected.get("truth_to_estimate")));
    assertThat(errors.accuracy())
        .isEqualTo(expected.get("accuracy").asDouble(), within(Oracle.TOLERANCE));
    assertThat(errors.completion())
        .isEqualTo(expected.get("completion").asDouble(), within(Oracle.TOLERANCE));
    assertThat(errors.completionRatio5cm())
        .isEqualTo(expected.get("completion_ratio_5cm").asDouble(), within(Oracle.TOLERANCE));
    assertThat(errors.f1At1cm())
        .isEqualTo(expected.get("f1_1cm").asDouble(), within(Oracle.TOLERANCE));
    assertThat(errors.f1At5cm())
        .isEqualTo(expected.get("f1_5cm").asDouble(), within(Oracle.TOLERANCE));
  }

  @Test
  void alignedCopyIsPerfect() {
    SE3 motion = SE3.fromRotationVector(0.4, -1, 0.2, 2, 1, -3);
    TriangleMesh truth = wall(0, 2, 0, 1, 3);
    TriangleMesh estimate = moved(truth, motion.inverse());
    MeshErrors errors = new MeshEvaluation(estimate, truth, motion).evaluate();
    assertThat(errors.accuracy()).isLessThan(ROUNDING);
    assertThat(errors.completion()).isLessThan(ROUNDING);
    assertThat(errors.f1At1cm()).isEqualTo(1);
    assertThat(errors.estimatePoints()).isEqualTo(MeshEvaluation.POINTS);
  }

  @Test
  void parallelWallsAreTheirDistanceApart() {
    MeshErrors errors =
        new MeshEvaluation(wall(0, 2, 0, 1, 3.03f), wall(0, 2, 0, 1, 3), SE3.IDENTITY).evaluate();
    assertThat(errors.accuracy()).isEqualTo(0.03, within(ROUNDING));
    assertThat(errors.completion()).isEqualTo(0.03, within(ROUNDING));
    assertThat(errors.completionRatio5cm()).isEqualTo(1);
    assertThat(errors.f1At1cm()).isZero();
    assertThat(errors.f1At5cm()).isEqualTo(1);
  }

  @Test
  void halfAWallIsAccurateAndHalfComplete() {
    MeshErrors errors =
        new MeshEvaluation(wall(0, 1, 0, 1, 3), wall(0, 2, 0, 1, 3), SE3.IDENTITY).evaluate();
    assertThat(errors.accuracy()).isLessThan(ROUNDING);
    assertThat(errors.completion())
        .isEqualTo(0.25, sampled(1.0 / 6 - 0.25 * 0.25)); // half at mean 0.5 m
    assertThat(errors.completionRatio5cm()).isEqualTo(0.525, sampled(0.525 * 0.475));
    double recall = 0.505;
    assertThat(errors.f1At1cm())
        .isEqualTo(2 * recall / (1 + recall), sampled(recall * (1 - recall)));
  }

  @Test
  void surfaceOutsideTheViewsIsNeitherDemandedNorPunished() {
    TriangleMesh truth = wall(-20, 20, -10, 10, 3);
    TriangleMesh seenPart = wall(-2, 2, -2, 2, 3);
    TriangleMesh behindTheWall = wall(-1, 1, -1, 1, 4);
    MeshEvaluation evaluation =
        new MeshEvaluation(joined(seenPart, behindTheWall), truth, SE3.IDENTITY);
    evaluation.addView(CAMERA, SE3.IDENTITY);
    MeshErrors errors = evaluation.evaluate();
    assertThat(errors.accuracy()).isLessThan(ROUNDING);
    assertThat(errors.completion()).isLessThan(ROUNDING);
    assertThat(errors.truthPoints()).isLessThan(MeshEvaluation.POINTS);
    double share = 3.2 * 2.4 / 800; // the image's part, at 3 m, of the wall's 40 m x 20 m
    assertThat((double) errors.truthPoints() / MeshEvaluation.POINTS)
        .isEqualTo(share, sampled(share));
  }

  @Test
  void surfaceThatFloatsInSeenFreeSpaceIsPunished() {
    TriangleMesh truth = wall(-2, 2, -2, 2, 3);
    TriangleMesh floating = wall(-0.1f, 0.1f, -0.1f, 0.1f, 2);
    MeshEvaluation evaluation = new MeshEvaluation(joined(truth, floating), truth, SE3.IDENTITY);
    evaluation.addView(CAMERA, SE3.IDENTITY);
    double seenArea = 3.2 * 2.4;
    double share = 0.04 / (0.04 + seenArea); // of the points that count: 1 m off, the others 0
    double counted = (0.04 + seenArea) / 16.04;
    assertThat(evaluation.evaluate().accuracy()).isEqualTo(share, sampled(share / counted));
  }

  @Test
  void marginBehindTheReadingIsThreeCentimetres() {
    TriangleMesh truth = wall(-2, 2, -2, 2, 3);
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    MeshEvaluation evaluation = new MeshEvaluation(truth, truth, SE3.IDENTITY);
    Arrays.fill(depth, 2.96f);
    evaluation.addView(CAMERA, SE3.IDENTITY, depth);
    Arrays.fill(depth, 0);
    evaluation.addView(CAMERA, SE3.IDENTITY, depth);
    assertThatThrownBy(evaluation::evaluate)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("estimated mesh: none of its 200000 points is seen by any of the 2");
    Arrays.fill(depth, 2.98f);
    evaluation.addView(CAMERA, SE3.IDENTITY, depth);
    assertThat(evaluation.evaluate().truthPoints()).isPositive();
  }

  @Test
  void emptyMeshesAndForeignImagesAreRefused() {
    TriangleMesh wall = wall(0, 1, 0, 1, 1);
    TriangleMesh empty = new TriangleMesh(new float[0], null, null, new int[0]);
    assertThatThrownBy(() -> new MeshEvaluation(empty, wall, SE3.IDENTITY))
        .hasMessageContaining("estimated mesh: surface: 0 faces");
    assertThatThrownBy(() -> new MeshEvaluation(wall, empty, SE3.IDENTITY))
        .hasMessageContaining("true mesh: surface: 0 faces");
    MeshEvaluation evaluation = new MeshEvaluation(wall, wall, SE3.IDENTITY);
    assertThatThrownBy(() -> evaluation.addView(CAMERA, SE3.IDENTITY, new float[7]))
        .hasMessageContaining("view 0: depth image has 7 pixels (expected: 64x48 as the camera)");
  }

  /** Four standard deviations of the mean of the samples, given the variance of one. */
  private static Offset<Double> sampled(double variance) {
    return within(4 * Math.sqrt(variance / MeshEvaluation.POINTS));
  }

  /** A rectangle across the z axis. */
  private static TriangleMesh wall(float x0, float x1, float y0, float y1, float z) {
    return new TriangleMesh(
        new float[] {x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z},
        null,
        null,
        new int[] {0, 1, 2, 0, 2, 3});
  }

  private static TriangleMesh joined(TriangleMesh a, TriangleMesh b) {
    float[] positions = Arrays.copyOf(a.positions(), a.positions().length + b.positions().length);
    System.arraycopy(b.positions(), 0, positions, a.positions().length, b.positions().length);
    int[] faces = Arrays.copyOf(a.faces(), a.faces().length + b.faces().length);
    for (int i = 0; i < b.faces().length; i++) {
      faces[a.faces().length + i] = b.faces()[i] + a.vertexCount();
    }
    return new TriangleMesh(positions, null, null, faces);
  }

  private static TriangleMesh moved(TriangleMesh mesh, SE3 motion) {
    double[] to = MeshRasterizer.transformed(mesh, motion);
    float[] positions = new float[to.length];
    for (int i = 0; i < to.length; i++) {
      positions[i] = (float) to[i];
    }
    return new TriangleMesh(positions, null, null, mesh.faces());
  }
}
