package io.roomfield.slam.compute;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.DepthNoise;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.concurrent.CancellationException;

/**
 * The seam to the arithmetic. A call takes a whole batch of rays and does sampling, interpolation,
 * decoding, compositing, losses and every gradient, so that a provider may fuse as it likes.
 * Callable from several threads at once. Shapes are checked here once ({@link CheckedBackend}), not
 * in providers.
 *
 * <p>A batch of no rays gives zero losses. A loss or gradient that is not finite because the input
 * is not (a NaN feature or pose) is passed on, never hidden.
 */
public interface ComputeBackend extends AutoCloseable {
  /** "scalar", "vector", "cuda", "cuda:half". */
  String name();

  /** For people: "vector (512-bit, 16 floats, 2 threads)". */
  String description();

  /** How many lanes of a gradient this backend adds to: see {@link FieldGradient}. */
  int lanes();

  /**
   * This backend on fewer lanes, for work that must leave processors to others; closed with it.
   *
   * @param lanes at most, > 0
   */
  ComputeBackend withLanes(int lanes);

  /** Renders the first {@code rays.count} rays (algorithm, section 2). */
  void render(
      SceneField field, FieldStage stage, RayBatch rays, RenderSettings settings, RenderedRays out);

  /**
   * One forward and backward pass: renders, takes the losses, and <em>adds</em> the gradient to
   * {@code fieldGradient} and <em>sets</em> {@code poseGradient}.
   *
   * <p>The mid feature that the fine decoder reads is not differentiated through that decoder
   * (algorithm, section 1), neither towards the grid nor towards the pose.
   *
   * @param fieldGradient null where no gradient of the map is wanted
   * @param poseGradient null where no gradient of the poses is wanted
   * @param out null where the rendered values are not wanted
   */
  BatchLosses backward(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      Objective objective,
      FieldGradient fieldGradient,
      PoseGradient poseGradient,
      RenderedRays out);

  /**
   * Occupancy logits (before the sharpness of {@link FieldStage#OCCUPANCY_SHARPNESS}) and colours
   * at points.
   *
   * @param points {@code [count, 3]} world metres
   * @param logits {@code [count]}, written
   * @param colours {@code [count, 3]} written at the colour stage; otherwise null
   */
  void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours);

  /**
   * The surface of occupied space in a box of lattice points: level set 0 of the fine stage's logit
   * by marching cubes ({@link MarchingCubes}, the order of vertices and faces included).
   *
   * @throws ArithmeticException that says where, if a logit is not finite
   * @throws CancellationException soon after the thread was interrupted, from a provider that needs
   *     long for a lattice
   */
  default LatticeSurface surface(SceneField field, OccupancyLattice lattice) {
    return HostSurface.of(this, field, lattice);
  }

  /**
   * Binary cross-entropy of occupancy at points: {@code L = sum_i weight_i BCE(sigmoid(s l_i),
   * target_i)} with the logit {@code l_i} of {@link #evaluate} and the sharpness {@code s} of
   * {@link FieldStage#OCCUPANCY_SHARPNESS}, computed from the logit: {@code BCE = softplus(s l) -
   * target s l}. <em>Adds</em> the gradient of grids and decoder weights to {@code gradient}; what
   * {@link #backward} does not differentiate is not differentiated here.
   *
   * @param stage any but the colour stage
   * @return L
   */
  double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient);

  /**
   * A network on rows of inputs.
   *
   * @param network without encoding
   * @param inputs {@code [count, featureChannels]}
   * @param outputs {@code [count, outputs]}, written
   */
  void apply(Decoder network, float[] inputs, int count, float[] outputs);

  /**
   * Backward of {@link #apply} towards the weights; the inputs take no gradient.
   *
   * @param outputGradient {@code dL/doutputs [count, outputs]}
   * @param weightGradient one array {@code [weightCount]} a lane, <em>added</em> to; their sum is
   *     {@code dL/dweights}
   */
  void applyBackward(
      Decoder network, float[] inputs, int count, float[] outputGradient, float[][] weightGradient);

  /**
   * One step of Adam on one array: see {@link AdamStep}. {@code gradients} are summed first (one
   * array a lane).
   *
   * @param mask one bit per group of {@code parameters.length / (64 * mask.length)} parameters,
   *     whether it may change; null for all
   */
  void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask);

  /**
   * What a mapper changes a field with, in rounds of many iterations. To be closed before the
   * backend is.
   *
   * @param keepMoments whether a block's moments outlive a round
   */
  default FieldOptimizer optimizer(SceneField field, boolean keepMoments) {
    return new HostFieldOptimizer(this, field, keepMoments);
  }

  /**
   * Fuses a depth frame into blocks of a map, projectively (Newcombe et al., <em>KinectFusion</em>,
   * section 3.3): a vertex at depth {@code z} in the camera whose nearest pixel reads {@code D} has
   * the value {@code min(1, (D - z) / truncation)}, and none where that is not above -1 or there is
   * no reading. Values are averaged with weights {@link DepthNoise#weight} times {@code min(1, (D -
   * z + truncation) / falloff)}, see {@link FusedDepth#falloff}; what a vertex accumulates is
   * capped at {@link FusedDepth#MAX_WEIGHT}.
   *
   * @param blocks their numbers, each at most once
   * @param changed {@code [blocks]}, written: whether a number of the block changed
   */
  void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed);

  @Override
  void close();
}
