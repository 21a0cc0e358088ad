package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.POINTS;

import io.roomfield.slam.compute.vector.OuterProductKernels.Rows;
import io.roomfield.slam.field.Decoder;

/**
 * A worker's pass over a few rows of inputs to a network without encoding. All memory is allocated
 * once.
 */
final class NetworkPass {
  /**
   * Rows that it has room for. An encoder's inputs then fill half a megabyte, about what a
   * second-level cache holds; of fewer rows, adding up the weights' gradient takes longer than
   * multiplying.
   */
  static final int ROWS = 512;

  private static final float[] NO_POSITION = {};

  private final DecoderPass pass;
  private final int inputs;
  private final int outputs;

  /** {@code [tiles][outputs, 64]}, and their gradient. */
  private final float[] output;

  private final float[] outputGradient;

  NetworkPass(Decoder.Shape shape) {
    int tiles = Tile.count(ROWS);
    pass = new DecoderPass(shape, tiles);
    inputs = shape.featureChannels();
    outputs = shape.outputs();
    output = new float[tiles * outputs * POINTS];
    outputGradient = new float[tiles * outputs * POINTS];
  }

  Decoder.Shape shape() {
    return pass.shape();
  }

  /** Writes {@code out [., outputs]} of rows {@code [first, first + count)}. */
  void apply(Decoder network, float[] in, int first, int count, float[] out) {
    forward(network, in, first, count);
    for (int tile = 0; tile < Tile.count(count); tile++) {
      int at = (first + tile * POINTS) * outputs;
      Tile.toRows(output, outputAt(tile), rows(tile, count), outputs, out, at);
    }
  }

  private void forward(Decoder network, float[] in, int first, int count) {
    pass.read(network);
    for (int tile = 0; tile < Tile.count(count); tile++) {
      int at = (first + tile * POINTS) * inputs;
      int featuresAt = pass.featuresAt(tile);
      Tile.fromRows(in, at, rows(tile, count), inputs, pass.features(), featuresAt);
      pass.forward(tile, NO_POSITION, 0, output, outputAt(tile));
    }
  }

  /** Adds to {@code dw} the gradient of rows {@code [first, first + count)}. */
  void backward(NetworkTask task, int first, int count, float[] dw) {
    forward(task.network(), task.inputs(), first, count);
    int tiles = Tile.count(count);
    for (int tile = 0; tile < tiles; tile++) {
      int at = (first + tile * POINTS) * outputs;
      int g = outputAt(tile);
      // Rows of zero gradient fill the last tile.
      Tile.fromRows(task.outputGradient(), at, rows(tile, count), outputs, outputGradient, g);
      pass.backward(tile, outputGradient, g, null, 0, NO_POSITION, 0, null);
    }
    pass.weightGradient(tiles, new Rows(outputGradient, 0, outputs * POINTS), dw);
  }

  private int outputAt(int tile) {
    return tile * outputs * POINTS;
  }

  private static int rows(int tile, int count) {
    return Math.min(POINTS, count - tile * POINTS);
  }
}
