package io.roomfield.slam.fusion;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Vertices of one grid waiting to be encoded: a row of inputs each, where vertices that saw the
 * same (nothing, or free space alone) share a row.
 */
public final class EncodingBatch {
  /** The row of vertices that saw nothing: all zeros. */
  public static final int UNSEEN_ROW = 0;

  /** The row of vertices around which all is free. */
  public static final int FREE_ROW = 1;

  /** A vertex that is not to be encoded. */
  public static final int NO_ROW = -1;

  private static final int FIRST_ROWS = 256;

  private final int inputSize;
  private final Map<Integer, int[]> rowsOfBlocks = new LinkedHashMap<>();
  private float[] inputs;
  private float[] outputs = new float[0];
  private int count;

  /**
   * @param inputSize inputs a vertex
   */
  public EncodingBatch(int inputSize) {
    this.inputSize = inputSize;
    inputs = new float[FIRST_ROWS * inputSize];
    clear();
  }

  /** Forgets every vertex; the two shared rows stay. */
  public void clear() {
    rowsOfBlocks.clear();
    count = 2;
    Arrays.fill(inputs, 0, inputSize, 0f);
    Arrays.fill(inputs, inputSize, 2 * inputSize, 1f);
  }

  /** Which vertices of a block are encoded. */
  @FunctionalInterface
  public interface Choice {
    /** Whether the vertex with this number in the block is encoded. */
    boolean encodes(int vertex);
  }

  /** Adds a block's chosen vertices; {@code observations} are loaded with that block. */
  public void add(int block, VertexObservations observations, Choice choice) {
    int[] rows = rowsOfBlocks.get(block);
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      if (choice.encodes(vertex)) {
        if (rows == null) {
          rows = noRows();
          rowsOfBlocks.put(block, rows);
        }
        rows[vertex] = row(vertex, observations);
      }
    }
  }

  private static int[] noRows() {
    int[] rows = new int[FeatureGrid.BLOCK_VOXELS];
    Arrays.fill(rows, NO_ROW);
    return rows;
  }

  /** Adds a whole block of which nothing is known. */
  public void addUnseen(int block) {
    rowsOfBlocks.put(block, new int[FeatureGrid.BLOCK_VOXELS]);
  }

  private int row(int vertex, VertexObservations observations) {
    return switch (observations.kind(vertex)) {
      case UNSEEN -> UNSEEN_ROW;
      case FREE -> FREE_ROW;
      case MIXED -> {
        if ((count + 1) * inputSize > inputs.length) {
          inputs = Arrays.copyOf(inputs, 2 * inputs.length);
        }
        observations.copy(vertex, inputs, count * inputSize);
        yield count++;
      }
    };
  }

  /** Rows in use. */
  public int rows() {
    return count;
  }

  /** Encodes all rows and writes the vertices' features into the grid. */
  public void encodeInto(FeatureGrid grid, Decoder encoder, ComputeBackend backend) {
    int channels = encoder.shape().outputs();
    if (outputs.length < count * channels) {
      outputs = new float[2 * count * channels];
    }
    backend.apply(encoder, inputs, count, outputs);
    rowsOfBlocks.forEach(
        (block, rows) -> {
          float[] features = grid.blockToChange(block);
          for (int vertex = 0; vertex < rows.length; vertex++) {
            if (rows[vertex] != NO_ROW) {
              System.arraycopy(
                  outputs, rows[vertex] * channels, features, vertex * channels, channels);
            }
          }
        });
  }

  /** A gradient of the features of one block, {@code [512, channels]}, or null for none. */
  @FunctionalInterface
  public interface BlockGradient {
    float[] of(int block);
  }

  /**
   * Backward of {@link #encodeInto}: gathers the features' gradients by row and adds the encoder's.
   * The batch is empty afterwards.
   *
   * @param weightGradient one array a lane of the backend
   */
  public void backward(
      BlockGradient gradient, Decoder encoder, ComputeBackend backend, float[][] weightGradient) {
    int channels = encoder.shape().outputs();
    float[] rowGradient = new float[count * channels];
    rowsOfBlocks.forEach((block, rows) -> gather(gradient.of(block), rows, rowGradient, channels));
    int kept = keepTouchedRows(rowGradient, channels);
    backend.applyBackward(encoder, inputs, kept, rowGradient, weightGradient);
    clear();
  }

  private static void gather(float[] gradient, int[] rows, float[] rowGradient, int channels) {
    for (int vertex = 0; gradient != null && vertex < rows.length; vertex++) {
      for (int c = 0; c < channels && rows[vertex] != NO_ROW; c++) {
        rowGradient[rows[vertex] * channels + c] += gradient[vertex * channels + c];
      }
    }
  }

  /** Moves the rows that have a gradient to the front; the others need no backward pass. */
  private int keepTouchedRows(float[] rowGradient, int channels) {
    int kept = 0;
    for (int row = 0; row < count; row++) {
      boolean touched = false;
      for (int c = 0; c < channels; c++) {
        touched |= rowGradient[row * channels + c] != 0;
      }
      if (touched) {
        System.arraycopy(rowGradient, row * channels, rowGradient, kept * channels, channels);
        System.arraycopy(inputs, row * inputSize, inputs, kept * inputSize, inputSize);
        kept++;
      }
    }
    return kept;
  }
}
