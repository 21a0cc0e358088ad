package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.POINTS;

import io.roomfield.slam.compute.vector.DenseKernels.Matrix;
import io.roomfield.slam.compute.vector.OuterProductKernels.Rows;
import io.roomfield.slam.field.Decoder;

/**
 * Forward and backward of one decoder over the tiles of a chunk (algorithm, section 1; the formula
 * is {@link Decoder}'s). Keeps per tile what the backward pass reads: {@code relu(W h + b)} of
 * every block always; encodings, block outputs and features only where the weights' gradient is
 * wanted.
 */
final class DecoderPass {
  private final Decoder.Shape shape;
  private final int hiddenTile;

  /** What the first block reads: encodings, or without encoding the features themselves. */
  private final float[] input;

  private final float[] activated;
  private final float[] blockOutput;
  private final float[] features;
  private final float[] preGradient;
  private final float[] outGradient;
  private final float[] gradient;
  private final float[] encodingGradient;

  private Decoder decoder;
  private Matrix[] weight;
  private Matrix[] skipWeight;
  private Matrix[] inject;
  private Matrix output;
  private Matrix outputSkip;

  DecoderPass(Decoder.Shape shape, int tiles) {
    this.shape = shape;
    hiddenTile = shape.hidden() * POINTS;
    activated = new float[tiles * shape.blocks() * hiddenTile];
    blockOutput = new float[tiles * shape.blocks() * hiddenTile];
    features = new float[tiles * shape.featureChannels() * POINTS];
    input = shape.hasEncoding() ? new float[tiles * shape.encodingSize() * POINTS] : features;
    preGradient = new float[tiles * shape.blocks() * hiddenTile];
    outGradient = new float[tiles * shape.blocks() * hiddenTile];
    gradient = new float[hiddenTile];
    encodingGradient = new float[shape.encodingSize() * POINTS];
  }

  Decoder.Shape shape() {
    return shape;
  }

  /** Chooses the weights that the next tiles read. */
  void read(Decoder from) {
    if (from == decoder) {
      return;
    }
    decoder = from;
    int blocks = shape.blocks();
    weight = new Matrix[blocks];
    skipWeight = new Matrix[blocks];
    inject = new Matrix[blocks];
    for (int i = 0; i < blocks; i++) {
      int in = shape.blockInputs(i);
      int at = shape.weightOffset(i);
      boolean skip = shape.readsInputAgain(i);
      int split = skip ? shape.inputSize() : 0;
      skipWeight[i] = skip ? matrix(at, in, shape.hidden(), split) : null;
      weight[i] = matrix(at + split, in, shape.hidden(), in - split);
      if (shape.injectsFeatures()) {
        int c = shape.featureChannels();
        inject[i] = matrix(shape.featureWeightOffset(i), c, shape.hidden(), c);
      }
    }
    boolean skip = shape.readsInputAgain(blocks);
    int split = skip ? shape.inputSize() : 0;
    int at = shape.outputWeightOffset();
    outputSkip = skip ? matrix(at, shape.outputInputs(), shape.outputs(), split) : null;
    output = matrix(at + split, shape.outputInputs(), shape.outputs(), shape.hidden());
  }

  private Matrix matrix(int offset, int stride, int rows, int columns) {
    return new Matrix(decoder.weights(), offset, stride, rows, columns);
  }

  /**
   * Where a tile's features {@code c [featureChannels, 64]} are to be written before {@link
   * #forward}.
   */
  float[] features() {
    return features;
  }

  int featuresAt(int tile) {
    return tile * shape.featureChannels() * POINTS;
  }

  private int inputAt(int tile) {
    return tile * shape.inputSize() * POINTS;
  }

  private int blockAt(int tile, int block) {
    return (tile * shape.blocks() + block) * hiddenTile;
  }

  /**
   * Decodes a tile.
   *
   * @param p positions {@code [3, 64]} at {@code pAt}
   * @param out written, {@code [outputs, 64]} at {@code outAt}
   */
  void forward(int tile, float[] p, int pAt, float[] out, int outAt) {
    if (shape.hasEncoding()) {
      FourierKernels.encode(decoder.encoding(), shape.encodingSize(), p, pAt, input, inputAt(tile));
    }
    float[] x = input;
    int xAt = inputAt(tile);
    for (int i = 0; i < shape.blocks(); i++) {
      int a = blockAt(tile, i);
      if (skipWeight[i] == null) {
        DenseKernels.forward(weight[i], shape.biasOffset(i), x, xAt, activated, a, true);
      } else {
        DenseKernels.forward(
            skipWeight[i], shape.biasOffset(i), input, inputAt(tile), activated, a, false);
        DenseKernels.forwardAdd(weight[i], x, xAt, activated, a, true);
      }
      if (inject[i] == null) {
        x = activated;
      } else {
        DenseKernels.forward(
            inject[i],
            shape.featureBiasOffset(i),
            features,
            featuresAt(tile),
            blockOutput,
            a,
            false);
        DenseKernels.add(activated, a, blockOutput, a, hiddenTile);
        x = blockOutput;
      }
      xAt = a;
    }
    DenseKernels.forward(output, shape.outputBiasOffset(), x, xAt, out, outAt, false);
    if (outputSkip != null) {
      DenseKernels.forwardAdd(outputSkip, input, inputAt(tile), out, outAt, false);
    }
  }

  /**
   * Backward of a tile.
   *
   * @param g {@code dL/dout [outputs, 64]} at {@code gAt}
   * @param featureGradient written, {@code dL/dc} of the first {@code wantedChannels} features;
   *     null where that is none
   * @param wantedChannels how many leading features are differentiated
   * @param p positions, and {@code dp} {@code dL/dp [3, 64]} added to through the encoding; null
   *     where not wanted
   */
  void backward(
      int tile,
      float[] g,
      int gAt,
      float[] featureGradient,
      int wantedChannels,
      float[] p,
      int pAt,
      float[] dp) {
    // The input is the encoding, which leads to dp, or the features themselves.
    float[] inputGradient = shape.hasEncoding() ? encodingGradient : featureGradient;
    int wantedInputs =
        !shape.hasEncoding() ? wantedChannels : dp == null ? 0 : shape.encodingSize();
    TransposedKernels.transposed(output, g, gAt, gradient, 0, false);
    if (outputSkip != null) {
      TransposedKernels.transposed(
          columns(outputSkip, wantedInputs), g, gAt, inputGradient, 0, false);
    }
    boolean inputWritten = outputSkip != null;
    boolean featuresWritten = false;
    for (int i = shape.blocks() - 1; i >= 0; i--) {
      int at = blockAt(tile, i);
      System.arraycopy(gradient, 0, outGradient, at, hiddenTile);
      if (inject[i] != null) {
        TransposedKernels.transposed(
            columns(inject[i], wantedChannels), gradient, 0, featureGradient, 0, featuresWritten);
        featuresWritten = true;
      }
      TransposedKernels.reluBackward(gradient, 0, activated, at, preGradient, at, shape.hidden());
      if (skipWeight[i] != null) {
        TransposedKernels.transposed(
            columns(skipWeight[i], wantedInputs), preGradient, at, inputGradient, 0, inputWritten);
        inputWritten = true;
      }
      if (i > 0) {
        TransposedKernels.transposed(weight[i], preGradient, at, gradient, 0, false);
      }
    }
    TransposedKernels.transposed(
        columns(weight[0], wantedInputs),
        preGradient,
        blockAt(tile, 0),
        inputGradient,
        0,
        inputWritten);
    if (shape.hasEncoding() && dp != null) {
      FourierKernels.encodeBackward(
          decoder.encoding(), shape.encodingSize(), p, pAt, inputGradient, 0, dp, 0);
    }
  }

  private static Matrix columns(Matrix m, int columns) {
    return columns == m.columns()
        ? m
        : new Matrix(m.data(), m.offset(), m.stride(), m.rows(), columns);
  }

  /**
   * Adds the gradient of the flat weights, from the first {@code usedTiles} tiles, all of which
   * went through {@link #backward}.
   *
   * @param g {@code dL/dout [outputs, 64]} of all tiles
   */
  void weightGradient(int usedTiles, Rows g, float[] dw) {
    int inputStride = shape.inputSize() * POINTS;
    int blockStride = shape.blocks() * hiddenTile;
    Rows first = new Rows(input, 0, inputStride);
    Rows c = new Rows(features, 0, shape.featureChannels() * POINTS);
    float[] hidden = shape.injectsFeatures() ? blockOutput : activated;
    for (int i = 0; i < shape.blocks(); i++) {
      Rows pre = new Rows(preGradient, i * hiddenTile, blockStride);
      Rows x = i == 0 ? first : new Rows(hidden, (i - 1) * hiddenTile, blockStride);
      OuterProductKernels.outer(pre, x, usedTiles, into(weight[i], dw));
      if (skipWeight[i] != null) {
        OuterProductKernels.outer(pre, first, usedTiles, into(skipWeight[i], dw));
      }
      OuterProductKernels.sumRows(pre, shape.hidden(), usedTiles, dw, shape.biasOffset(i));
      if (inject[i] != null) {
        Rows post = new Rows(outGradient, i * hiddenTile, blockStride);
        OuterProductKernels.outer(post, c, usedTiles, into(inject[i], dw));
        OuterProductKernels.sumRows(
            post, shape.hidden(), usedTiles, dw, shape.featureBiasOffset(i));
      }
    }
    Rows last = new Rows(hidden, (shape.blocks() - 1) * hiddenTile, blockStride);
    OuterProductKernels.outer(g, last, usedTiles, into(output, dw));
    if (outputSkip != null) {
      OuterProductKernels.outer(g, first, usedTiles, into(outputSkip, dw));
    }
    OuterProductKernels.sumRows(g, shape.outputs(), usedTiles, dw, shape.outputBiasOffset());
  }

  private static Matrix into(Matrix m, float[] data) {
    return new Matrix(data, m.offset(), m.stride(), m.rows(), m.columns());
  }
}
