package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;

/**
 * Forward and backward pass of the field at one point (algorithm, section 1): the logit is the
 * coarse decoder's at {@link FieldStage#COARSE}, the mid decoder's at {@link FieldStage#MID}, mid's
 * plus fine's above; the colour decoder gives the colour at {@link FieldStage#COLOUR}.
 */
final class FieldPass {
  private static final double[] NO_COLOUR = new double[3];

  private final FieldStage stage;

  /** The grid and decoder that give the logit alone: coarse or mid. */
  private final FieldLevel baseLevel;

  private final TrilinearInterpolation base;
  private final DecoderPass baseDecoder;

  /** Null where the stage does not read them. */
  private final TrilinearInterpolation fine;

  private final DecoderPass fineDecoder;
  private final TrilinearInterpolation colour;
  private final DecoderPass colourDecoder;

  private final int baseChannels;
  private final int fineChannels;
  private final int colourChannels;
  private double logit;
  private double[] rgb = NO_COLOUR;

  FieldPass(SceneField field, FieldStage stage) {
    this.stage = stage;
    boolean coarse = stage == FieldStage.COARSE;
    baseLevel = coarse ? FieldLevel.COARSE : FieldLevel.MID;
    base = new TrilinearInterpolation(field.grid(baseLevel));
    baseDecoder = new DecoderPass(field.decoder(baseLevel));
    baseChannels = field.grid(baseLevel).channels();
    fine = stage.readsFine() ? new TrilinearInterpolation(field.fine()) : null;
    fineDecoder = stage.readsFine() ? new DecoderPass(field.fineDecoder()) : null;
    fineChannels = stage.readsFine() ? field.fine().channels() : 0;
    colour = stage.readsColour() ? new TrilinearInterpolation(field.colour()) : null;
    colourChannels = stage.readsColour() ? field.colour().channels() : 0;
    colourDecoder = stage.readsColour() ? new DecoderPass(field.colourDecoder()) : null;
  }

  FieldStage stage() {
    return stage;
  }

  /** Evaluates the field at a point in world metres. */
  void forward(double[] point) {
    double[] baseFeature = base.forward(point);
    logit = baseDecoder.forward(point, baseFeature)[0];
    if (stage.readsFine()) {
      double[] both = Arrays.copyOf(fine.forward(point), fineChannels + baseChannels);
      System.arraycopy(baseFeature, 0, both, fineChannels, baseChannels);
      logit += fineDecoder.forward(point, both)[0];
    }
    if (stage.readsColour()) {
      rgb = colourDecoder.forward(point, colour.forward(point));
    }
  }

  double logit() {
    return logit;
  }

  /** {@code [3]}; zeros below the colour stage. */
  double[] colour() {
    return rgb;
  }

  /**
   * Adds to the gradients at the point of the last {@link #forward}. The mid feature that the fine
   * decoder reads is not differentiated through that decoder.
   *
   * @param colourGradient {@code [3]}, ignored below the colour stage
   * @param pointGradient {@code [3]}
   */
  void backward(
      double logitGradient, double[] colourGradient, GradientSums sums, double[] pointGradient) {
    double[] logitGradients = {logitGradient};
    double[] baseGradient = new double[baseChannels];
    baseDecoder.backward(logitGradients, sums.weights(baseLevel), baseGradient, pointGradient);
    base.backward(baseGradient, sums.of(baseLevel), pointGradient);
    if (stage.readsFine()) {
      // The first fineChannels entries are the fine feature's; the mid feature's are left unused.
      double[] bothGradient = new double[fineChannels + baseChannels];
      fineDecoder.backward(
          logitGradients, sums.weights(FieldLevel.FINE), bothGradient, pointGradient);
      fine.backward(bothGradient, sums.of(FieldLevel.FINE), pointGradient);
    }
    if (stage.readsColour()) {
      double[] featureGradient = new double[colourChannels];
      colourDecoder.backward(
          colourGradient, sums.weights(FieldLevel.COLOUR), featureGradient, pointGradient);
      colour.backward(featureGradient, sums.of(FieldLevel.COLOUR), pointGradient);
    }
  }
}
