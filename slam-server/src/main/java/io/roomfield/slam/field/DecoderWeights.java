package io.roomfield.slam.field;

import java.util.SplittableRandom;

/** Fresh weights, drawn as NICE-SLAM draws them: what training and mapping start from. */
public final class DecoderWeights {
  /** Standard deviation of B of a decoder that is not pretrained (NICE-SLAM, section 3.1). */
  public static final double ENCODING_STDDEV = 25;

  /** NICE-SLAM's coarse decoder (section 3.1). */
  private static final Decoder.Shape COARSE = new Decoder.Shape(0, 32, 32, 5, 2, 1);

  /** Gains of Xavier's initialisation, by the activation that follows. */
  private static final double RELU_GAIN = Math.sqrt(2);

  private static final double LINEAR_GAIN = 1;

  private DecoderWeights() {}

  /** A colour decoder to be optimised while mapping (NICE-SLAM, section 3.3). */
  public static Decoder randomColour(Decoder.Shape shape, long seed) {
    return random(shape, ENCODING_STDDEV, seed);
  }

  /** A coarse decoder for a family that has none. */
  public static Decoder randomCoarse(long seed) {
    return random(COARSE, ENCODING_STDDEV, seed);
  }

  /**
   * A network to be trained: {@code B} is normal, {@code W} uniform within Xavier's bound and
   * {@code b} zero, {@code V} and {@code v} uniform within {@code 1 / sqrt(featureChannels)}.
   *
   * @param encodingStddev standard deviation of {@code B}, radians per metre
   */
  public static Decoder random(Decoder.Shape shape, double encodingStddev, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] encoding = new float[3 * shape.encodingSize()];
    for (int i = 0; i < encoding.length; i++) {
      encoding[i] = (float) (encodingStddev * random.nextGaussian());
    }
    float[] flat = new float[shape.weightCount()];
    int hidden = shape.hidden();
    for (int i = 0; i < shape.blocks(); i++) {
      int inputs = shape.blockInputs(i);
      double bound = xavierBound(RELU_GAIN, inputs, hidden);
      uniform(flat, shape.weightOffset(i), hidden * inputs, bound, random);
      if (shape.injectsFeatures()) {
        // A plain linear layer: weights, and the biases that follow them, in +- 1 / sqrt(inputs).
        int channels = shape.featureChannels();
        int count = hidden * channels + hidden;
        uniform(flat, shape.featureWeightOffset(i), count, 1 / Math.sqrt(channels), random);
      }
    }
    int count = shape.outputs() * shape.outputInputs();
    double bound = xavierBound(LINEAR_GAIN, shape.outputInputs(), shape.outputs());
    uniform(flat, shape.outputWeightOffset(), count, bound, random);
    return new Decoder(shape, encoding, flat);
  }

  /** Glorot and Bengio 2010, eq. 16, with a gain. */
  private static double xavierBound(double gain, int inputs, int outputs) {
    return gain * Math.sqrt(6.0 / (inputs + outputs));
  }

  private static void uniform(
      float[] into, int at, int count, double bound, SplittableRandom random) {
    for (int i = at; i < at + count; i++) {
      into[i] = (float) random.nextDouble(-bound, bound);
    }
  }
}
