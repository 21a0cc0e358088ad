package io.roomfield.slam.compute.scalar;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.Arrays;

/**
 * Volume rendering of one ray (NICE-SLAM, section 3.2; algorithm, section 2) and its backward pass.
 *
 * <p>With {@code o_i = sigmoid(10 logit_i)} and {@code T_i = prod_{j<i} (1 - o_j)}: {@code w_i =
 * o_i T_i}, {@code D^ = sum w_i z_i}, {@code S^ = sum w_i (D^ - z_i)^2}, {@code C^ = sum w_i c_i}.
 * Every sample is composited, whatever transmittance is left.
 */
final class RayPass {
  private final SE3 worldFromCamera;
  private final double[] direction;

  /** Sample depths in metres, ascending. */
  private final float[] z;

  private final double[] occupancy;
  private final double[] transmittance;
  private final double[][] sampleColour;

  private double depth;
  private double variance;
  private double opacity;
  private final double[] colour = new double[3];

  /** Renders ray {@code ray}, with an importance pass where the settings ask for one. */
  static RayPass render(FieldPass field, RayBatch rays, int ray, RenderSettings settings) {
    RenderSettings used = field.stage() == FieldStage.COARSE ? settings.stratifiedOnly() : settings;
    float[] z = new float[used.samples()];
    RaySampler.sample(rays, ray, used, z, 0);
    if (used.importanceSamples() > 0) {
      int first = used.firstPassSamples();
      RayPass firstPass = new RayPass(field, rays, ray, Arrays.copyOf(z, first));
      RaySampler.resample(z, 0, first, used.importanceSamples(), firstPass.weights(), 0);
    }
    return new RayPass(field, rays, ray, z);
  }

  private RayPass(FieldPass field, RayBatch rays, int ray, float[] z) {
    worldFromCamera = rays.poses[rays.pose[ray]];
    direction = worldFromCamera.rotate(rays.directionX[ray], rays.directionY[ray], 1);
    this.z = z;
    occupancy = new double[z.length];
    transmittance = new double[z.length];
    sampleColour = new double[z.length][];
    for (int i = 0; i < z.length; i++) {
      field.forward(point(i));
      occupancy[i] = 1 / (1 + Math.exp(-FieldStage.OCCUPANCY_SHARPNESS * field.logit()));
      sampleColour[i] = field.colour();
    }
    composite();
  }

  private void composite() {
    double left = 1;
    for (int i = 0; i < z.length; i++) {
      transmittance[i] = left;
      left *= 1 - occupancy[i];
      double weight = weight(i);
      depth += weight * z[i];
      opacity += weight;
      for (int channel = 0; channel < 3; channel++) {
        colour[channel] += weight * sampleColour[i][channel];
      }
    }
    for (int i = 0; i < z.length; i++) {
      variance += weight(i) * (depth - z[i]) * (depth - z[i]);
    }
  }

  /** {@code D^}, metres. */
  double depth() {
    return depth;
  }

  /** {@code S^}, square metres. */
  double variance() {
    return variance;
  }

  /** {@code C^ [3]}. */
  double[] colour() {
    return colour;
  }

  void write(RenderedRays out, int ray) {
    out.depth[ray] = (float) depth;
    out.variance[ray] = (float) variance;
    out.opacity[ray] = (float) opacity;
    for (int channel = 0; channel < 3; channel++) {
      out.colour[3 * ray + channel] = (float) colour[channel];
    }
  }

  /**
   * Adds the gradient of the map to {@code sums} and the pose's to {@code twistGradient [6]} (see
   * {@link io.roomfield.slam.render.PoseGradient}). Sample depths are constants.
   *
   * <p>With {@code g_i = dL/dw_i} and what lies behind sample i seen through it, {@code A_i = o_i
   * g_i + (1 - o_i) A_{i+1}}: {@code dL/do_i = T_i (g_i - A_{i+1})}; no division by {@code 1 -
   * o_i}, so it is exact for opaque samples too.
   *
   * @param depthGradient {@code dL/dD^}
   * @param colourGradient {@code dL/dC^ [3]}
   */
  void backward(
      FieldPass field,
      double depthGradient,
      double[] colourGradient,
      GradientSums sums,
      double[] twistGradient) {
    double behind = 0;
    for (int i = z.length - 1; i >= 0; i--) {
      double weightGradient = depthGradient * z[i];
      double[] sampleColourGradient = new double[3];
      for (int channel = 0; channel < 3; channel++) {
        weightGradient += colourGradient[channel] * sampleColour[i][channel];
        sampleColourGradient[channel] = weight(i) * colourGradient[channel];
      }
      double occupancyGradient = transmittance[i] * (weightGradient - behind);
      behind = occupancy[i] * weightGradient + (1 - occupancy[i]) * behind;
      double logitGradient =
          FieldStage.OCCUPANCY_SHARPNESS * occupancy[i] * (1 - occupancy[i]) * occupancyGradient;

      double[] pointGradient = new double[3];
      field.forward(point(i));
      field.backward(logitGradient, sampleColourGradient, sums, pointGradient);
      addTwist(i, pointGradient, twistGradient);
    }
  }

  /** {@code dL/dv += dL/dp; dL/dw += (p - t) x dL/dp}, where {@code p - t = z d}. */
  private void addTwist(int sample, double[] g, double[] twistGradient) {
    double dx = z[sample] * direction[0];
    double dy = z[sample] * direction[1];
    double dz = z[sample] * direction[2];
    twistGradient[0] += g[0];
    twistGradient[1] += g[1];
    twistGradient[2] += g[2];
    twistGradient[3] += dy * g[2] - dz * g[1];
    twistGradient[4] += dz * g[0] - dx * g[2];
    twistGradient[5] += dx * g[1] - dy * g[0];
  }

  private double weight(int sample) {
    return occupancy[sample] * transmittance[sample];
  }

  private float[] weights() {
    float[] weights = new float[z.length];
    for (int i = 0; i < z.length; i++) {
      weights[i] = (float) weight(i);
    }
    return weights;
  }

  private double[] point(int sample) {
    return new double[] {
      worldFromCamera.tx() + z[sample] * direction[0],
      worldFromCamera.ty() + z[sample] * direction[1],
      worldFromCamera.tz() + z[sample] * direction[2]
    };
  }
}
