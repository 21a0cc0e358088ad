package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;

/**
 * Forward and backward pass of the field at one point (algorithm, section 1): the logit is the
 * coarse decoder's at {@link FieldStage#COARSE}, the mid decoder's at {@link FieldStage#MID}, mid's
 * plus fine's above; the colour decoder gives the colour at {@link FieldStage#COLOUR}. In a joint
 * field one decoder gives the logit at every stage, and the colour after it.
 */
final class FieldPass {
  private static final double[] NO_COLOUR = new double[3];

  private final FieldStage stage;

  /** The grid and decoder that give the logit: coarse, mid, or a joint field's. */
  private final FieldLevel baseLevel;

  private final TrilinearInterpolation base;
  private final DecoderPass baseDecoder;

  /** Null where the stage does not read them. */
  private final TrilinearInterpolation fine;

  private final DecoderPass fineDecoder;
  private final TrilinearInterpolation colour;
  private final DecoderPass colourDecoder;

  /** Whether the base decoder's further outputs are the colour. */
  private final boolean baseIsJoint;

  private final int baseChannels;
  private final int fineChannels;
  private final int colourChannels;
  private double logit;
  private double[] rgb = NO_COLOUR;

  FieldPass(SceneField field, FieldStage stage) {
    this.stage = stage;
    boolean readsFine = field.readsFine(stage);
    boolean readsColour = field.readsColour(stage);
    baseLevel = field.base(stage);
    base = new TrilinearInterpolation(field.grid(baseLevel));
    baseDecoder = new DecoderPass(field.decoder(baseLevel));
    baseChannels = field.grid(baseLevel).channels();
    fine = readsFine ? new TrilinearInterpolation(field.fine()) : null;
    fineDecoder = readsFine ? new DecoderPass(field.fineDecoder()) : null;
    fineChannels = readsFine ? field.fine().channels() : 0;
    colour = readsColour ? new TrilinearInterpolation(field.colour()) : null;
    colourChannels = readsColour ? field.colour().channels() : 0;
    colourDecoder = readsColour ? new DecoderPass(field.colourDecoder()) : null;
    baseIsJoint = field.isJoint() && stage != FieldStage.COARSE;
  }

  FieldStage stage() {
    return stage;
  }

  /** Evaluates the field at a point in world metres. */
  void forward(double[] point) {
    double[] baseFeature = base.forward(point);
    double[] baseOutput = baseDecoder.forward(point, baseFeature);
    logit = baseOutput[0];
    if (baseIsJoint && stage.readsColour()) {
      rgb = Arrays.copyOfRange(baseOutput, 1, baseOutput.length);
    }
    if (fine != null) {
      double[] both = Arrays.copyOf(fine.forward(point), fineChannels + baseChannels);
      System.arraycopy(baseFeature, 0, both, fineChannels, baseChannels);
      logit += fineDecoder.forward(point, both)[0];
    }
    if (colour != null) {
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
   * @param colourGradient {@code [3]}, zeros below the colour stage
   * @param pointGradient {@code [3]}
   */
  void backward(
      double logitGradient, double[] colourGradient, GradientSums sums, double[] pointGradient) {
    double[] logitGradients = {logitGradient};
    double[] baseGradient = new double[baseChannels];
    double[] baseOutputGradient =
        baseIsJoint
            ? new double[] {logitGradient, colourGradient[0], colourGradient[1], colourGradient[2]}
            : logitGradients;
    baseDecoder.backward(baseOutputGradient, sums.weights(baseLevel), baseGradient, pointGradient);
    base.backward(baseGradient, sums.of(baseLevel), pointGradient);
    if (fine != null) {
      // The first fineChannels entries are the fine feature's; the mid feature's are left unused.
      double[] bothGradient = new double[fineChannels + baseChannels];
      fineDecoder.backward(
          logitGradients, sums.weights(FieldLevel.FINE), bothGradient, pointGradient);
      fine.backward(bothGradient, sums.of(FieldLevel.FINE), pointGradient);
    }
    if (colour != null) {
      double[] featureGradient = new double[colourChannels];
      colourDecoder.backward(
          colourGradient, sums.weights(FieldLevel.COLOUR), featureGradient, pointGradient);
      colour.backward(featureGradient, sums.of(FieldLevel.COLOUR), pointGradient);
    }
  }
}
