package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.POINTS;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;

/**
 * A worker's pass over a few whole rays: sampling, the field, compositing, losses and, fused, the
 * backward pass (algorithm, sections 2 and 3). All memory is allocated once.
 */
final class ChunkPass {
  /** Points that a chunk aims at: its activations stay within the second-level cache. */
  static final int TARGET_POINTS = 384;

  /**
   * Compositing stops here: far below what a pixel or a gradient can show, and far above the
   * denormal numbers that cost dearly.
   */
  private static final float MIN_TRANSMITTANCE = 1e-12f;

  private final int capacity;
  private final ChunkField field;
  private final float[] z;
  private final float[] weight;
  private final float[] alpha;
  private final float[] direction;
  private final float[] rgbSum = new float[3];

  ChunkPass(int maxPoints) {
    int tiles = Tile.count(maxPoints);
    capacity = tiles * POINTS;
    field = new ChunkField(tiles);
    z = new float[capacity];
    weight = new float[capacity];
    alpha = new float[capacity];
    direction = new float[3 * capacity];
  }

  /** Points it has room for. */
  int capacity() {
    return capacity;
  }

  /** Whole rays that fit a chunk of about {@link #TARGET_POINTS} points. */
  static int raysPerChunk(int samples) {
    return Math.max(1, TARGET_POINTS / samples);
  }

  /**
   * Renders rays {@code [first, first + count)}, and takes their gradients if the task wants them.
   */
  void run(RenderTask task, int lane, int first, int count) {
    RenderSettings settings = task.settings();
    field.read(task.field(), task.stage());
    int samples = settings.firstPassSamples();
    for (int r = 0; r < count; r++) {
      RaySampler.sample(task.rays(), first + r, settings, z, r * settings.samples());
      worldDirection(task.rays(), first + r, r);
    }
    if (settings.importanceSamples() > 0) {
      importancePass(task, first, count);
      samples = settings.samples();
    }
    forward(task.rays(), first, count, samples, settings.samples());
    for (int r = 0; r < count; r++) {
      composite(task, first + r, r * samples, samples);
    }
    if (task.wantsGradient()) {
      backward(task, lane, first, count, samples);
    }
  }

  /** The first pass of hierarchical sampling: weights at the first samples, then more samples. */
  private void importancePass(RenderTask task, int first, int count) {
    RenderSettings settings = task.settings();
    int samples = settings.firstPassSamples();
    forward(task.rays(), first, count, samples, settings.samples());
    for (int r = 0; r < count; r++) {
      weights(r * samples, samples);
    }
    for (int r = 0; r < count; r++) {
      RaySampler.resample(
          z, r * settings.samples(), samples, settings.importanceSamples(), weight, r * samples);
    }
  }

  private void worldDirection(RayBatch rays, int ray, int at) {
    SE3 pose = rays.poses[rays.pose[ray]];
    double x = rays.directionX[ray];
    double y = rays.directionY[ray];
    direction[3 * at] = (float) (pose.r00() * x + pose.r01() * y + pose.r02());
    direction[3 * at + 1] = (float) (pose.r10() * x + pose.r11() * y + pose.r12());
    direction[3 * at + 2] = (float) (pose.r20() * x + pose.r21() * y + pose.r22());
  }

  /** The field at the rays' samples: {@code samples} each, depths {@code zStride} apart in z. */
  private void forward(RayBatch rays, int first, int count, int samples, int zStride) {
    int points = count * samples;
    int tiles = Tile.count(points);
    for (int r = 0; r < count; r++) {
      SE3 pose = rays.poses[rays.pose[first + r]];
      for (int s = 0; s < samples; s++) {
        double depth = z[r * zStride + s];
        place(
            r * samples + s,
            (float) (pose.tx() + depth * direction[3 * r]),
            (float) (pose.ty() + depth * direction[3 * r + 1]),
            (float) (pose.tz() + depth * direction[3 * r + 2]));
      }
    }
    pad(points, tiles);
    field.forward(tiles);
  }

  private void place(int point, float x, float y, float zCoordinate) {
    int at = positionAt(point);
    field.position[at] = x;
    field.position[at + POINTS] = y;
    field.position[at + 2 * POINTS] = zCoordinate;
  }

  /** Fills the last tile with copies of the last point, whose gradients stay zero. */
  private void pad(int points, int tiles) {
    int last = positionAt(points - 1);
    for (int point = points; point < tiles * POINTS; point++) {
      place(
          point,
          field.position[last],
          field.position[last + POINTS],
          field.position[last + 2 * POINTS]);
    }
    Arrays.fill(field.valueGradient, 0, tiles * ChunkField.TILE_VALUES, 0f);
  }

  /** Compositing weights {@code w_i = o_i prod (1 - o_j)} of one ray, and their sum. */
  private float weights(int at, int samples) {
    float transmittance = 1f;
    float sum = 0f;
    for (int i = at; i < at + samples; i++) {
      float o =
          (float)
              (1
                  / (1
                      + Math.exp(
                          -FieldStage.OCCUPANCY_SHARPNESS * field.values[ChunkField.logitAt(i)])));
      alpha[i] = o;
      float w = transmittance < MIN_TRANSMITTANCE ? 0f : o * transmittance;
      weight[i] = w;
      sum += w;
      transmittance *= 1 - o;
    }
    return sum;
  }

  private void composite(RenderTask task, int ray, int at, int samples) {
    float opacity = weights(at, samples);
    float depth = 0f;
    Arrays.fill(rgbSum, 0f);
    for (int s = 0; s < samples; s++) {
      float w = weight[at + s];
      depth += w * z[at + s];
      if (task.stage().readsColour()) {
        int c = ChunkField.colourAt(at + s);
        rgbSum[0] += w * field.values[c];
        rgbSum[1] += w * field.values[c + POINTS];
        rgbSum[2] += w * field.values[c + 2 * POINTS];
      }
    }
    float variance = 0f;
    for (int s = 0; s < samples; s++) {
      float d = depth - z[at + s];
      variance += weight[at + s] * d * d;
    }
    if (task.out() != null) {
      task.out().depth[ray] = depth;
      task.out().variance[ray] = variance;
      task.out().opacity[ray] = opacity;
      System.arraycopy(rgbSum, 0, task.out().colour, 3 * ray, 3);
    }
    if (task.objective() != null) {
      losses(task, ray, at, samples, depth, variance);
    }
  }

  private static int positionAt(int point) {
    return point / POINTS * 3 * POINTS + point % POINTS;
  }

  /** Loss terms of one ray, and the gradients of its samples' logits and colours. */
  private void losses(RenderTask task, int ray, int at, int samples, float depth, float variance) {
    RayBatch rays = task.rays();
    Objective objective = task.objective();
    boolean valid = rays.depth[ray] > 0;
    float difference = valid ? depth - rays.depth[ray] : 0f;
    float scale =
        objective.uncertaintyWeighted()
            ? (float) (1 / Math.sqrt(variance + objective.varianceFloor()))
            : 1f;
    task.terms().depthAbs[ray] = Math.abs(difference);
    task.terms().depthTerm[ray] = Math.abs(difference) * scale;
    float[] colourGradient = {0f, 0f, 0f};
    if (task.stage().readsColour()) {
      float sum = 0f;
      for (int k = 0; k < 3; k++) {
        float d = rgbSum[k] - rays.colour[3 * ray + k];
        sum += Math.abs(d);
        boolean counts = !objective.uncertaintyWeighted() || valid;
        colourGradient[k] = counts ? Math.signum(d) * objective.colourWeight() : 0f;
      }
      task.terms().colourAbs[ray] = sum;
    }
    if (task.wantsGradient() && !task.isExcluded(ray)) {
      compositeBackward(task.stage(), at, samples, Math.signum(difference) * scale, colourGradient);
    }
  }

  /**
   * Backward of compositing: with {@code G_i = dL/dw_i}, {@code dL/dlogit_i = 10 ((1 - o_i) w_i G_i
   * - o_i sum_{j>i} w_j G_j)}.
   */
  private void compositeBackward(
      FieldStage stage, int at, int samples, float depthGradient, float[] colourGradient) {
    float suffix = 0f;
    for (int i = at + samples - 1; i >= at; i--) {
      float w = weight[i];
      float g = depthGradient * z[i];
      if (stage.readsColour()) {
        int c = ChunkField.colourAt(i);
        for (int k = 0; k < 3; k++) {
          g += colourGradient[k] * field.values[c + k * POINTS];
          field.valueGradient[c + k * POINTS] = w * colourGradient[k];
        }
      }
      float wg = w * g;
      field.valueGradient[ChunkField.logitAt(i)] =
          FieldStage.OCCUPANCY_SHARPNESS * ((1 - alpha[i]) * wg - alpha[i] * suffix);
      suffix += wg;
    }
  }

  private void backward(RenderTask task, int lane, int first, int count, int samples) {
    FieldGradient gradient = task.fieldGradient();
    field.backward(Tile.count(count * samples), gradient, lane, task.poseGradient() != null);
    if (task.poseGradient() == null) {
      return;
    }
    for (int r = 0; r < count; r++) {
      poseGradient(task.poseGradient().perRay(), 6 * (first + r), r, samples);
    }
  }

  /** {@code dL/dv = sum dL/dp}, {@code dL/dw = sum z d x dL/dp}: see {@code PoseGradient}. */
  private void poseGradient(float[] out, int outAt, int r, int samples) {
    Arrays.fill(out, outAt, outAt + 6, 0f);
    for (int i = r * samples; i < (r + 1) * samples; i++) {
      int p = positionAt(i);
      float gx = field.positionGradient[p];
      float gy = field.positionGradient[p + POINTS];
      float gz = field.positionGradient[p + 2 * POINTS];
      float x = z[i] * direction[3 * r];
      float y = z[i] * direction[3 * r + 1];
      float zz = z[i] * direction[3 * r + 2];
      out[outAt] += gx;
      out[outAt + 1] += gy;
      out[outAt + 2] += gz;
      out[outAt + 3] += y * gz - zz * gy;
      out[outAt + 4] += zz * gx - x * gz;
      out[outAt + 5] += x * gy - y * gx;
    }
  }

  /** Logits, and colours at the colour stage, of points {@code [first, first + count)}. */
  void evaluate(PointTask task, int first, int count) {
    field.read(task.field(), task.stage());
    forwardAt(task.points(), first, count);
    for (int i = 0; i < count; i++) {
      task.logits()[first + i] = field.values[ChunkField.logitAt(i)];
      for (int k = 0; k < 3 && task.stage().readsColour(); k++) {
        task.colours()[3 * (first + i) + k] = field.values[ChunkField.colourAt(i) + k * POINTS];
      }
    }
  }

  /** The field at points {@code [first, first + count)}. */
  private void forwardAt(float[] points, int first, int count) {
    for (int i = 0; i < count; i++) {
      int from = 3 * (first + i);
      place(i, points[from], points[from + 1], points[from + 2]);
    }
    int tiles = Tile.count(count);
    pad(count, tiles);
    field.forward(tiles);
  }

  /**
   * Occupancy cross-entropy of points {@code [first, first + count)}, and its gradient.
   *
   * @return the points' loss
   */
  double occupancyBackward(OccupancyTask task, int lane, int first, int count) {
    OccupancyTargets targets = task.targets();
    field.read(task.field(), task.stage());
    forwardAt(targets.points, first, count);
    double loss = 0;
    for (int i = 0; i < count; i++) {
      float target = targets.target[first + i];
      float pointWeight = targets.weight[first + i];
      double x = FieldStage.OCCUPANCY_SHARPNESS * field.values[ChunkField.logitAt(i)];
      double tail = Math.exp(-Math.abs(x));
      double sigmoid = (x < 0 ? tail : 1) / (1 + tail);
      loss += pointWeight * (Math.max(x, 0) - target * x + Math.log1p(tail));
      field.valueGradient[ChunkField.logitAt(i)] =
          (float) (FieldStage.OCCUPANCY_SHARPNESS * pointWeight * (sigmoid - target));
    }
    field.backward(Tile.count(count), task.gradient(), lane, false);
    return loss;
  }
}
