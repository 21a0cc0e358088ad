package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.field.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where kernels find a decoder's matrices: twice, so that the forward pass reads a row of weights
 * per input and the backward pass one per output, padded to four floats; and once more in half
 * precision, in whole matrices of 16 x 16. The rows of the tables are the structs of decoder.cuh,
 * pack_decoder.cu and weight_gradient.cu.
 */
final class DecoderLayout {
  /** Edge of a tile of weight gradients: weight_gradient.cu. */
  private static final int TILE = 32;

  /** A lane may read, and ignore, this many floats past a matrix's last row. */
  private static final int SLACK = 8;

  /** Edge of the matrices that tensor cores multiply: decode_half.cu. */
  private static final int MATRIX = 16;

  private static final int ABSENT = -1;

  private final Decoder.Shape shape;
  private final List<int[]> layers = new ArrayList<>();
  private final List<int[]> matrices = new ArrayList<>();
  private final List<int[]> products = new ArrayList<>();
  private int forward;
  private int backward;
  private int halves;

  DecoderLayout(Decoder.Shape shape) {
    this.shape = shape;
    for (int i = 0; i <= shape.blocks(); i++) {
      layer(i);
    }
  }

  private void layer(int i) {
    boolean output = i == shape.blocks();
    int outputs = output ? shape.outputs() : shape.hidden();
    int flat = output ? shape.outputWeightOffset() : shape.weightOffset(i);
    int bias = output ? shape.outputBiasOffset() : shape.biasOffset(i);
    int stride = shape.blockInputs(i);
    int gradientRow = 2 * i * shape.hidden();
    boolean readsInput = i == 0 || shape.readsInputAgain(i);
    int[] input = readsInput ? matrix(flat, stride, outputs, shape.inputSize()) : null;
    if (readsInput) {
      product(gradientRow, outputs, 0, shape.inputSize(), flat, stride);
    }
    int[] hidden = null;
    if (i > 0) {
      int at = flat + (readsInput ? shape.inputSize() : 0);
      hidden = matrix(at, stride, outputs, shape.hidden());
      product(gradientRow, outputs, hiddenRow(i - 1), shape.hidden(), at, stride);
    }
    product(gradientRow, outputs, ABSENT, 1, bias, 1);
    int[] feature = null;
    int featureBias = ABSENT;
    if (!output && shape.injectsFeatures()) {
      int at = shape.featureWeightOffset(i);
      int channels = shape.featureChannels();
      featureBias = shape.featureBiasOffset(i);
      feature = matrix(at, channels, outputs, channels);
      int row = gradientRow + shape.hidden();
      product(row, outputs, shape.encodingSize(), channels, at, channels);
      product(row, outputs, ABSENT, 1, featureBias, 1);
    }
    layers.add(
        new int[] {
          at(input, 0),
          at(hidden, 0),
          at(feature, 0),
          at(input, 1),
          at(hidden, 1),
          at(feature, 1),
          bias,
          featureBias,
          at(input, 2),
          at(hidden, 2),
          at(feature, 2)
        });
  }

  private static int at(int[] matrix, int which) {
    return matrix == null ? ABSENT : matrix[which];
  }

  /** Row of the recorded activations where block i's output begins. */
  private int hiddenRow(int i) {
    return shape.encodingSize() + shape.featureChannels() + i * shape.hidden();
  }

  /** Lays one matrix out; where it begins forward, backward and in half precision. */
  private int[] matrix(int flat, int flatStride, int outputs, int inputs) {
    int[] at = {forward, backward, halves};
    matrices.add(new int[] {flat, flatStride, forward, backward, halves, outputs, inputs});
    forward += inputs * padded(outputs);
    backward += outputs * padded(inputs);
    halves += halfRows(inputs) * halfRows(outputs);
    return at;
  }

  private void product(
      int gradientRow, int rows, int inputRow, int columns, int flat, int flatStride) {
    for (int r = 0; r < rows; r += TILE) {
      for (int c = 0; c < columns; c += TILE) {
        products.add(
            new int[] {
              gradientRow + r,
              Math.min(TILE, rows - r),
              inputRow == ABSENT ? ABSENT : inputRow + c,
              Math.min(TILE, columns - c),
              flat + r * flatStride + c,
              flatStride
            });
      }
    }
  }

  static int padded(int n) {
    return (n + 3) / 4 * 4;
  }

  /** Rows, or columns, as half precision pads them: whole matrices of tensor cores. */
  static int halfRows(int n) {
    return Math.ceilDiv(n, MATRIX) * MATRIX;
  }

  /** The room of all matrices in half precision, in floats. */
  int halfFloats() {
    return halves / 2;
  }

  int forwardFloats() {
    return padded(forward) + SLACK;
  }

  int backwardFloats() {
    return padded(backward) + SLACK;
  }

  /** {@code LayerOffsets [blocks + 1]}. */
  int[] layers() {
    return flat(layers);
  }

  /** {@code MatrixCopy [matrixCount]}. */
  int[] matrices() {
    return flat(matrices);
  }

  int matrixCount() {
    return matrices.size();
  }

  /** {@code ProductTile [productCount]}. */
  int[] products() {
    return flat(products);
  }

  int productCount() {
    return products.size();
  }

  /** Rows that decode records. */
  int recordedRows() {
    return hiddenRow(shape.blocks());
  }

  /** Rows that decode_backward records. */
  int recordedGradientRows() {
    return 2 * shape.blocks() * shape.hidden() + shape.outputs();
  }

  private static int[] flat(List<int[]> rows) {
    return rows.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
