package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrix6;
import org.ejml.data.DMatrix6x6;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.fixed.CommonOps_DDF6;

/**
 * Finds the poses that fit a graph's edges best: {@code min sum rho(r^T information r)}, the first
 * node held.
 *
 * <p>Steps are Levenberg-Marquardt's on SE(3), normal equations solved by sparse Cholesky. {@code
 * rho} is the identity for odometry, which is trusted, and Geman-McClure's kernel for the others. A
 * kernel that cuts off alone would cut off a true loop, too, which begins far from fitting because
 * the poses have drifted; so the kernel's scale starts beyond the largest residual of plain least
 * squares and shrinks to {@link OptimizedPoses#OUTLIER_CHI2} (Yang, Antonante, Tzoumas and Carlone,
 * <em>Graduated Non-Convexity for Robust Spatial Perception</em>, RA-L 2020, section III).
 *
 * <p>A false loop is told by other edges that may be wrong: one that odometry alone contradicts is
 * followed, and shows in the sum of the odometry's chi-squares, to which closing a cycle adds no
 * more than a measurement's own, 6 on average, however long the cycle is.
 */
public final class PoseGraphOptimizer {
  /** The scale's factor from one stage to the next (Yang et al., implementation details). */
  private static final double SHRINK = 1 / 1.4;

  /** The first scale beside the largest residual (ibid.). */
  private static final double FIRST_SCALE = 2;

  /** A minimisation ends when a step gains less than this share of the cost, */
  private static final double TOLERANCE = 1e-9;

  /** in a stage that the next one continues, less than this. */
  private static final double STAGE_TOLERANCE = 1e-3;

  /** It also ends when nothing moves by more than this, in metres and radians. */
  private static final double SMALL_STEP = 1e-10;

  private static final int MAX_ITERATIONS = 100;

  /** Far below the softest mode of a chain of thousands, beside its diagonal. */
  private static final double FIRST_DAMPING = 1e-10;

  private static final double MAX_DAMPING = 1e6;
  private static final double DAMPING_FACTOR = 10;

  private final List<PoseEdge> edges;
  private final DMatrix6x6[] information;

  /** Per edge, the indices of its nodes. */
  private final int[][] ends;

  private final SparseNormalEquations equations;
  private final PoseResidual terms = new PoseResidual();
  private SE3[] poses;
  private int iterations;

  private PoseGraphOptimizer(PoseGraph graph) {
    edges = graph.edges();
    poses = graph.poses().values().toArray(SE3[]::new);
    Map<Integer, Integer> index = new HashMap<>();
    graph.poses().keySet().forEach(id -> index.put(id, index.size()));
    information = new DMatrix6x6[edges.size()];
    ends = new int[edges.size()][];
    List<int[]> pairs = new ArrayList<>();
    for (int e = 0; e < ends.length; e++) {
      PoseEdge edge = edges.get(e);
      ends[e] = new int[] {index.get(edge.from()), index.get(edge.to())};
      information[e] = new DMatrix6x6();
      information[e].setTo(matrix(edge.information()));
      if (ends[e][0] > 0 && ends[e][1] > 0) {
        pairs.add(new int[] {ends[e][0] - 1, ends[e][1] - 1});
      }
    }
    // The first node is held, so it has no unknowns.
    equations = new SparseNormalEquations(poses.length - 1, pairs);
  }

  /**
   * Optimises a graph, which stays as it is.
   *
   * @throws IllegalArgumentException if the graph is empty, or a node is not connected to the first
   *     by edges of odometry
   */
  public static OptimizedPoses optimise(PoseGraph graph) {
    graph.checkConnected();
    PoseGraphOptimizer optimizer = new PoseGraphOptimizer(graph);
    if (graph.poses().size() > 1) {
      optimizer.optimise();
    }
    List<PoseMove> moves = new ArrayList<>();
    graph
        .poses()
        .forEach((id, pose) -> moves.add(new PoseMove(id, pose, optimizer.poses[moves.size()])));
    return new OptimizedPoses(
        List.copyOf(moves), optimizer.chiSquares(optimizer.poses), optimizer.iterations);
  }

  private void optimise() {
    minimise(GemanMcClure.NONE, STAGE_TOLERANCE);
    double scale = FIRST_SCALE * largestOfUntrusted(chiSquares(poses));
    for (; scale > OptimizedPoses.OUTLIER_CHI2; scale *= SHRINK) {
      minimise(new GemanMcClure(scale), STAGE_TOLERANCE);
    }
    minimise(new GemanMcClure(OptimizedPoses.OUTLIER_CHI2), TOLERANCE);
  }

  /** Levenberg-Marquardt with one kernel. */
  private void minimise(GemanMcClure kernel, double tolerance) {
    double cost = cost(kernel, chiSquares(poses));
    double damping = FIRST_DAMPING;
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      linearise(kernel);
      double before = cost;
      while (damping < MAX_DAMPING) {
        double[] step = equations.solve(damping);
        SE3[] stepped = step == null ? poses : moved(step);
        double after = cost(kernel, chiSquares(stepped));
        if (step != null && after < cost) {
          poses = stepped;
          cost = after;
          damping = Math.max(FIRST_DAMPING, damping / DAMPING_FACTOR);
          iterations++;
          break;
        }
        if (step != null && largest(step) < SMALL_STEP) {
          return;
        }
        damping *= DAMPING_FACTOR;
      }
      if (before - cost <= tolerance * before) {
        return;
      }
    }
  }

  private void linearise(GemanMcClure kernel) {
    equations.clear();
    for (int e = 0; e < ends.length; e++) {
      int from = ends[e][0];
      int to = ends[e][1];
      terms.linearise(edges.get(e).fromFromTo(), poses[from], poses[to]);
      double weight = kernel(e, kernel).weight(chi2(e));
      DMatrix6x6 fromWeighted = new DMatrix6x6();
      DMatrix6x6 toWeighted = new DMatrix6x6();
      // J^T times the weighted information, row by row.
      CommonOps_DDF6.multTransA(weight, terms.fromJacobian, information[e], fromWeighted);
      CommonOps_DDF6.multTransA(weight, terms.toJacobian, information[e], toWeighted);
      add(from, fromWeighted, terms.fromJacobian);
      add(to, toWeighted, terms.toJacobian);
      if (from > 0 && to > 0) {
        DMatrix6x6 block = new DMatrix6x6();
        CommonOps_DDF6.mult(fromWeighted, terms.toJacobian, block);
        equations.addPair(from - 1, to - 1, block);
      }
    }
  }

  private void add(int node, DMatrix6x6 weighted, DMatrix6x6 jacobian) {
    if (node > 0) {
      DMatrix6x6 block = new DMatrix6x6();
      CommonOps_DDF6.mult(weighted, jacobian, block);
      equations.addDiagonal(node - 1, block);
      DMatrix6 gradient = new DMatrix6();
      CommonOps_DDF6.mult(weighted, terms.residual, gradient);
      equations.addGradient(node - 1, gradient);
    }
  }

  private GemanMcClure kernel(int edge, GemanMcClure robust) {
    return edges.get(edge).kind().mayBeWrong() ? robust : GemanMcClure.NONE;
  }

  private SE3[] moved(double[] step) {
    SE3[] moved = poses.clone();
    for (int i = 1; i < moved.length; i++) {
      int at = PoseEdge.DIMENSIONS * (i - 1);
      moved[i] =
          moved[i].perturbed(
              step[at], step[at + 1], step[at + 2], step[at + 3], step[at + 4], step[at + 5]);
    }
    return moved;
  }

  private double[] chiSquares(SE3[] at) {
    double[] chi2 = new double[ends.length];
    for (int e = 0; e < chi2.length; e++) {
      terms.evaluate(edges.get(e).fromFromTo(), at[ends[e][0]], at[ends[e][1]]);
      chi2[e] = chi2(e);
    }
    return chi2;
  }

  /** Of the residual that was evaluated last. */
  private double chi2(int edge) {
    DMatrix6 weighted = new DMatrix6();
    CommonOps_DDF6.mult(information[edge], terms.residual, weighted);
    return CommonOps_DDF6.dot(terms.residual, weighted);
  }

  private double cost(GemanMcClure kernel, double[] chi2) {
    double sum = 0;
    for (int e = 0; e < chi2.length; e++) {
      sum += kernel(e, kernel).loss(chi2[e]);
    }
    return sum;
  }

  private double largestOfUntrusted(double[] chi2) {
    double largest = 0;
    for (int e = 0; e < chi2.length; e++) {
      if (edges.get(e).kind().mayBeWrong()) {
        largest = Math.max(largest, chi2[e]);
      }
    }
    return largest;
  }

  private static double largest(double[] step) {
    double largest = 0;
    for (double value : step) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static DMatrixRMaj matrix(double[] values) {
    return DMatrixRMaj.wrap(PoseEdge.DIMENSIONS, PoseEdge.DIMENSIONS, values);
  }
}
