package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;

/**
 * The oracle: plain loops in double precision, one thread, written to be read beside the formulas.
 * Other backends are held to it. Slow.
 */
public final class ScalarBackend implements ComputeBackend {
  /** A network without encoding reads no position. */
  private static final double[] NO_POINT = {};

  private static final double[] NO_COLOUR = new double[3];

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "scalar (plain loops in double precision, 1 thread)";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public ScalarBackend withLanes(int lanes) {
    return this;
  }

  @Override
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    FieldPass pass = new FieldPass(field, stage);
    for (int ray = 0; ray < rays.count; ray++) {
      RayPass.render(pass, rays, ray, settings).write(out, ray);
    }
  }

  @Override
  public BatchLosses backward(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      Objective objective,
      FieldGradient fieldGradient,
      PoseGradient poseGradient,
      RenderedRays out) {
    FieldPass pass = new FieldPass(field, stage);
    RayPass[] rendered = new RayPass[rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      rendered[ray] = RayPass.render(pass, rays, ray, settings);
      if (out != null) {
        rendered[ray].write(out, ray);
      }
    }
    ObjectiveTerms terms = new ObjectiveTerms(objective, stage, rays, rendered);
    if (fieldGradient != null || poseGradient != null) {
      GradientSums sums = new GradientSums(fieldGradient);
      for (int ray = 0; ray < rays.count; ray++) {
        double[] twistGradient = new double[6];
        if (terms.counts(ray)) {
          rendered[ray].backward(
              pass, terms.depthGradient(ray), terms.colourGradient(ray), sums, twistGradient);
        }
        write(twistGradient, poseGradient, ray);
      }
      sums.addToTarget();
    }
    return terms.losses();
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    FieldPass pass = new FieldPass(field, stage);
    for (int i = 0; i < count; i++) {
      pass.forward(row(points, i, 3));
      logits[i] = (float) pass.logit();
      for (int channel = 0; stage.readsColour() && channel < 3; channel++) {
        colours[3 * i + channel] = (float) pass.colour()[channel];
      }
    }
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    FieldPass pass = new FieldPass(field, stage);
    GradientSums sums = new GradientSums(gradient);
    double loss = 0;
    for (int i = 0; i < targets.count; i++) {
      pass.forward(row(targets.points, i, 3));
      double x = FieldStage.OCCUPANCY_SHARPNESS * pass.logit();
      double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      loss += targets.weight[i] * (softplus - targets.target[i] * x);
      double sigmoid = 1 / (1 + Math.exp(-x));
      double logitGradient =
          FieldStage.OCCUPANCY_SHARPNESS * targets.weight[i] * (sigmoid - targets.target[i]);
      pass.backward(logitGradient, NO_COLOUR, sums, new double[3]);
    }
    sums.addToTarget();
    return loss;
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    DecoderPass pass = new DecoderPass(network);
    int outputCount = network.shape().outputs();
    for (int i = 0; i < count; i++) {
      double[] output = pass.forward(NO_POINT, row(inputs, i, network.shape().featureChannels()));
      for (int o = 0; o < outputCount; o++) {
        outputs[i * outputCount + o] = (float) output[o];
      }
    }
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    DecoderPass pass = new DecoderPass(network);
    int channels = network.shape().featureChannels();
    double[] sums = new double[network.weights().length];
    for (int i = 0; i < count; i++) {
      pass.forward(NO_POINT, row(inputs, i, channels));
      double[] g = row(outputGradient, i, network.shape().outputs());
      pass.backward(g, sums, new double[channels], NO_POINT);
    }
    GradientSums.add(sums, weightGradient[0]);
  }

  private static double[] row(float[] rows, int i, int columns) {
    double[] row = new double[columns];
    for (int k = 0; k < columns; k++) {
      row[k] = rows[i * columns + k];
    }
    return row;
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    int group = mask == null ? 1 : parameters.length / (Long.SIZE * mask.length);
    for (int i = 0; i < parameters.length; i++) {
      int bit = i / group;
      if (mask != null && (mask[bit / Long.SIZE] >>> (bit % Long.SIZE) & 1) == 0) {
        continue;
      }
      double gradient = 0;
      for (float[] lane : gradients) {
        gradient += lane[i];
      }
      gradient = Math.abs(gradient) < AdamStep.TINY_GRADIENT ? 0 : gradient;
      double m = AdamStep.BETA1 * first[i] + (1.0 - AdamStep.BETA1) * gradient;
      double v = AdamStep.BETA2 * second[i] + (1.0 - AdamStep.BETA2) * gradient * gradient;
      double root = Math.sqrt(v * step.secondMomentCorrection());
      first[i] = (float) m;
      second[i] = (float) v;
      parameters[i] = (float) (parameters[i] - step.rate() * m / (root + AdamStep.EPSILON));
    }
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    FusionPass pass = new FusionPass(map, frame);
    for (int i = 0; i < blocks.length; i++) {
      changed[i] = pass.fuse(blocks[i]);
    }
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  private static void write(double[] twistGradient, PoseGradient poseGradient, int ray) {
    for (int k = 0; poseGradient != null && k < twistGradient.length; k++) {
      poseGradient.perRay()[6 * ray + k] = (float) twistGradient[k];
    }
  }
}
