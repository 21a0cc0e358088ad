package io.roomfield.slam.field;

/**
 * A small multi-layer perceptron that reads an interpolated feature {@code c} (and a Fourier
 * encoding {@code e} of the position) and gives an occupancy logit or a colour (NICE-SLAM, section
 * 3.1; algorithm, section 1).
 *
 * <p>With positional encoding ({@link Shape#encodingSize} > 0): {@code e = sin(p B)}, {@code h =
 * e}; for block {@code i}: {@code h <- relu(W_i h + b_i) + (V_i c + v_i)}; after block {@link
 * Shape#skipAfter}: {@code h <- [e, h]}. Without (the coarse decoder): {@code h = c}; {@code h <-
 * relu(W_i h + b_i)}; after block {@code skipAfter}: {@code h <- [c, h]}. Last, {@code out = W h +
 * b}. With neither encoding nor skip it is a plain network, as the encoders are; without features
 * it is a network of the position alone, as iMAP's is.
 *
 * <p>All weights live in one flat array; matrices are {@code [out, in]}, row by row.
 */
public final class Decoder {
  /** {@link Shape#skipAfter} of a network that reads its input once. */
  public static final int NO_SKIP = -1;

  /**
   * What a weight file says of its decoder.
   *
   * @param encodingSize columns of {@code B}; 0 for none
   * @param featureChannels length of {@code c}; 0 for none
   * @param hidden width of a block, a multiple of 4
   * @param blocks number of blocks
   * @param skipAfter 0-based block after which the input is concatenated again, or {@link #NO_SKIP}
   * @param outputs 1 (logit), 3 (red, green, blue in 0..1, no activation), 4 (logit, red, green,
   *     blue), or an encoder's channels
   */
  public record Shape(
      int encodingSize, int featureChannels, int hidden, int blocks, int skipAfter, int outputs) {
    public Shape {
      if (encodingSize < 0
          || featureChannels < 0
          || encodingSize + featureChannels == 0
          || hidden <= 0
          || hidden % 4 != 0
          || blocks <= 0
          || skipAfter < NO_SKIP
          || skipAfter >= blocks
          || outputs <= 0) {
        throw new IllegalArgumentException(
            ("decoder shape: encoding %d, features %d, hidden %d, blocks %d, skip after %d, outputs %d"
                    + " (expected: encoding and features >= 0 and not both 0, hidden a multiple of 4,"
                    + " -1 <= skip < blocks, the rest > 0)")
                .formatted(encodingSize, featureChannels, hidden, blocks, skipAfter, outputs));
      }
    }

    public boolean hasEncoding() {
      return encodingSize > 0;
    }

    /** Whether every block adds {@code V_i c + v_i}: without encoding, {@code c} is the input. */
    public boolean injectsFeatures() {
      return hasEncoding() && featureChannels > 0;
    }

    /** Length of the first block's input: {@code e}, or {@code c} without encoding. */
    public int inputSize() {
      return hasEncoding() ? encodingSize : featureChannels;
    }

    /**
     * Whether block i > 0, or the output layer where i is {@link #blocks}, reads the input again.
     */
    public boolean readsInputAgain(int i) {
      return skipAfter != NO_SKIP && i == skipAfter + 1;
    }

    /** Length of block i's input. */
    public int blockInputs(int i) {
      return i == 0 ? inputSize() : readsInputAgain(i) ? inputSize() + hidden : hidden;
    }

    /** Length of the output layer's input. */
    public int outputInputs() {
      return blockInputs(blocks);
    }

    /** Offset of {@code W_i [hidden, blockInputs(i)]} in the flat array. */
    public int weightOffset(int i) {
      int offset = 0;
      for (int k = 0; k < i; k++) {
        offset +=
            hidden * (blockInputs(k) + 1)
                + (injectsFeatures() ? hidden * (featureChannels + 1) : 0);
      }
      return offset;
    }

    /** Offset of {@code b_i [hidden]}. */
    public int biasOffset(int i) {
      return weightOffset(i) + hidden * blockInputs(i);
    }

    /** Offset of {@code V_i [hidden, featureChannels]}. */
    public int featureWeightOffset(int i) {
      return biasOffset(i) + hidden;
    }

    /** Offset of {@code v_i [hidden]}. */
    public int featureBiasOffset(int i) {
      return featureWeightOffset(i) + hidden * featureChannels;
    }

    /** Offset of the output layer's {@code W [outputs, outputInputs]}. */
    public int outputWeightOffset() {
      return weightOffset(blocks);
    }

    /** Offset of the output layer's {@code b [outputs]}. */
    public int outputBiasOffset() {
      return outputWeightOffset() + outputs * outputInputs();
    }

    /** Multiply-adds of the dense layers for one input; the encoding's are not among them. */
    public long multiplyAdds() {
      long sum = (long) outputs * outputInputs();
      for (int i = 0; i < blocks; i++) {
        sum += (long) hidden * (blockInputs(i) + (injectsFeatures() ? featureChannels : 0));
      }
      return sum;
    }

    /** Length of the flat array. */
    public int weightCount() {
      return outputBiasOffset() + outputs;
    }
  }

  private final Shape shape;
  private final float[] encoding;
  private final float[] weights;

  /**
   * @param encoding {@code B [3, encodingSize]}; empty without encoding
   * @param weights {@code [shape.weightCount()]}, not copied
   */
  public Decoder(Shape shape, float[] encoding, float[] weights) {
    if (encoding.length != 3 * shape.encodingSize() || weights.length != shape.weightCount()) {
      throw new IllegalArgumentException(
          "decoder: %d encoding and %d other weights (expected: %d and %d for %s)"
              .formatted(
                  encoding.length,
                  weights.length,
                  3 * shape.encodingSize(),
                  shape.weightCount(),
                  shape));
    }
    this.shape = shape;
    this.encoding = encoding;
    this.weights = weights;
  }

  public Shape shape() {
    return shape;
  }

  /** {@code B [3, encodingSize]}, row by row; not a copy. */
  public float[] encoding() {
    return encoding;
  }

  /** The flat weights; not a copy: the mapper optimises the colour decoder's in place. */
  public float[] weights() {
    return weights;
  }

  /** A decoder with its own copy of the weights. */
  public Decoder copy() {
    return new Decoder(shape, encoding, weights.clone());
  }
}
