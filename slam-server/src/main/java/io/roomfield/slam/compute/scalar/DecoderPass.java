package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.Decoder;

/**
 * Forward and backward pass of one {@link Decoder} at one point; the formulas are in its Javadoc.
 * The derivative of the rectifier at 0 is 0.
 */
final class DecoderPass {
  private final Decoder decoder;
  private final Decoder.Shape shape;
  private final float[] weights;

  /** {@code p B}, empty without encoding. */
  private final double[] argument;

  private double[] feature;
  private double[] input;

  /** Per block: what it read, and {@code W_i h + b_i} before the rectifier. */
  private final double[][] blockInput;

  private final double[][] preActivation;
  private double[] outputInput;

  DecoderPass(Decoder decoder) {
    this.decoder = decoder;
    shape = decoder.shape();
    weights = decoder.weights();
    argument = new double[shape.encodingSize()];
    blockInput = new double[shape.blocks()][];
    preActivation = new double[shape.blocks()][];
  }

  /**
   * Output {@code [outputs]} at a point in world metres with feature {@code c} (kept, not copied,
   * for {@link #backward}).
   */
  double[] forward(double[] point, double[] c) {
    feature = c;
    input = shape.hasEncoding() ? encode(point) : c;
    double[] h = input;
    for (int i = 0; i < shape.blocks(); i++) {
      blockInput[i] = h;
      preActivation[i] = affine(shape.weightOffset(i), shape.biasOffset(i), shape.hidden(), h);
      h = rectified(preActivation[i]);
      if (shape.injectsFeatures()) {
        double[] injected =
            affine(
                shape.featureWeightOffset(i), shape.featureBiasOffset(i), shape.hidden(), feature);
        add(injected, h);
      }
      h = i == shape.skipAfter() ? concatenated(input, h) : h;
    }
    outputInput = h;
    return affine(shape.outputWeightOffset(), shape.outputBiasOffset(), shape.outputs(), h);
  }

  /**
   * Adds to the gradients at the point of the last {@link #forward}.
   *
   * @param outputGradient {@code [outputs]}
   * @param weightGradient {@code [weightCount]}, or null where it is not wanted
   * @param featureGradient {@code [featureChannels]}
   * @param pointGradient {@code [3]}, gets {@code dL/dp_a = sum_j dL/de_j cos((p B)_j) B_aj}
   */
  void backward(
      double[] outputGradient,
      double[] weightGradient,
      double[] featureGradient,
      double[] pointGradient) {
    double[] inputGradient = new double[input.length];
    double[] g = new double[outputInput.length];
    affineBackward(
        shape.outputWeightOffset(),
        shape.outputBiasOffset(),
        outputInput,
        outputGradient,
        new Sums(g, weightGradient));
    for (int i = shape.blocks() - 1; i >= 0; i--) {
      g = i == shape.skipAfter() ? splitSkip(g, inputGradient) : g;
      if (shape.injectsFeatures()) {
        affineBackward(
            shape.featureWeightOffset(i),
            shape.featureBiasOffset(i),
            feature,
            g,
            new Sums(featureGradient, weightGradient));
      }
      double[] before = new double[blockInput[i].length];
      affineBackward(
          shape.weightOffset(i),
          shape.biasOffset(i),
          blockInput[i],
          rectifierBackward(preActivation[i], g),
          new Sums(before, weightGradient));
      g = before;
    }
    add(g, inputGradient);
    if (shape.hasEncoding()) {
      encodeBackward(inputGradient, pointGradient);
    } else {
      add(inputGradient, featureGradient);
    }
  }

  /** {@code e = sin(p B)}. */
  private double[] encode(double[] point) {
    double[] sine = new double[argument.length];
    for (int j = 0; j < argument.length; j++) {
      argument[j] = 0;
      for (int axis = 0; axis < 3; axis++) {
        argument[j] += point[axis] * frequency(axis, j);
      }
      sine[j] = Math.sin(argument[j]);
    }
    return sine;
  }

  private void encodeBackward(double[] encodingGradient, double[] pointGradient) {
    for (int j = 0; j < argument.length; j++) {
      double argumentGradient = encodingGradient[j] * Math.cos(argument[j]);
      for (int axis = 0; axis < 3; axis++) {
        pointGradient[axis] += argumentGradient * frequency(axis, j);
      }
    }
  }

  private double frequency(int axis, int j) {
    return decoder.encoding()[axis * argument.length + j];
  }

  /** {@code W x + b}. */
  private double[] affine(int weightOffset, int biasOffset, int outputs, double[] x) {
    double[] y = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      double sum = weights[biasOffset + o];
      for (int i = 0; i < x.length; i++) {
        sum += weights[weightOffset + o * x.length + i] * x[i];
      }
      y[o] = sum;
    }
    return y;
  }

  /** Where a layer's backward pass adds to: its input's gradient, and the weights' or null. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sums(double[] input, double[] weights) {}

  private void affineBackward(
      int weightOffset, int biasOffset, double[] x, double[] outputGradient, Sums sums) {
    for (int o = 0; o < outputGradient.length; o++) {
      for (int i = 0; i < x.length; i++) {
        sums.input[i] += weights[weightOffset + o * x.length + i] * outputGradient[o];
      }
      if (sums.weights != null) {
        sums.weights[biasOffset + o] += outputGradient[o];
        for (int i = 0; i < x.length; i++) {
          sums.weights[weightOffset + o * x.length + i] += outputGradient[o] * x[i];
        }
      }
    }
  }

  /** {@code max(0, x)}, NaN where x is NaN. */
  private static double[] rectified(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.max(0, x[i]);
    }
    return y;
  }

  private static double[] rectifierBackward(double[] x, double[] outputGradient) {
    double[] g = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      g[i] = x[i] <= 0 ? 0 : outputGradient[i];
    }
    return g;
  }

  private static double[] concatenated(double[] a, double[] b) {
    double[] both = new double[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Backward of {@code [input, h]}: adds the first part to the input's, returns h's gradient. */
  private double[] splitSkip(double[] g, double[] inputGradient) {
    add(g, inputGradient);
    double[] rest = new double[g.length - input.length];
    System.arraycopy(g, input.length, rest, 0, rest.length);
    return rest;
  }

  /** Adds the first {@code sum.length} values of {@code x} to {@code sum}. */
  private static void add(double[] x, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += x[i];
    }
  }
}
