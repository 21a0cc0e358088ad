package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.fusion.EncodingBatch.Choice;
import io.roomfield.slam.fusion.VertexObservations.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EncodingBatchTest {
  private static final int INPUTS = 6;
  private static final int CHANNELS = 4;
  private static final int VERTICES = FeatureGrid.BLOCK_VOXELS;
  private static final Decoder.Shape SHAPE =
      new Decoder.Shape(0, INPUTS, 8, 2, Decoder.NO_SKIP, CHANNELS);
  private static final Choice ALL = vertex -> true;
  private static final List<Kind> KINDS = List.of(Kind.UNSEEN, Kind.FREE, Kind.MIXED);

  private final ComputeBackend backend = new ScalarBackend();
  private final Decoder encoder = encoder();
  private final FeatureGrid grid = new FeatureGrid(0.16, CHANNELS, 0.1f, 5);
  private final EncodingBatch batch = new EncodingBatch(INPUTS);

  /** Biases too are random: with biases of zero, zero inputs lie on every rectifier's kink. */
  private static Decoder encoder() {
    SplittableRandom random = new SplittableRandom(3);
    float[] weights = new float[SHAPE.weightCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (0.4 * random.nextGaussian());
    }
    return new Decoder(SHAPE, new float[0], weights);
  }

  /** Every third vertex unseen, every third free; the inputs of the others by their number. */
  private static final class Observations implements VertexObservations {
    @Override
    public int inputSize() {
      return INPUTS;
    }

    @Override
    public void load(int blockX, int blockY, int blockZ) {}

    @Override
    public Kind kind(int vertex) {
      return KINDS.get(vertex % KINDS.size());
    }

    @Override
    public void copy(int vertex, float[] inputs, int at) {
      SplittableRandom random = new SplittableRandom(vertex);
      for (int i = 0; i < INPUTS; i++) {
        inputs[at + i] = (float) random.nextGaussian();
      }
    }
  }

  /** What the encoder makes of one vertex alone. */
  private float[] encoded(int vertex) {
    float[] inputs = new float[INPUTS];
    switch (new Observations().kind(vertex)) {
      case UNSEEN -> {}
      case FREE -> Arrays.fill(inputs, 1f);
      case MIXED -> new Observations().copy(vertex, inputs, 0);
    }
    return apply(inputs);
  }

  private float[] apply(float[] inputs) {
    float[] outputs = new float[CHANNELS];
    backend.apply(encoder, inputs, 1, outputs);
    return outputs;
  }

  private static float[] feature(float[] block, int vertex) {
    return Arrays.copyOfRange(block, vertex * CHANNELS, (vertex + 1) * CHANNELS);
  }

  @Test
  void chosenVerticesAreEncodedAndOthersStay() {
    int[] blocks = {grid.allocate(0, 0, 0), grid.allocate(-1, 0, 2), grid.allocate(3, 0, 0)};
    float[][] before = new float[blocks.length][];
    Arrays.setAll(before, i -> grid.block(blocks[i]).clone());
    // Enough blocks for the batch to grow.
    batch.add(blocks[2], new Observations(), vertex -> vertex % 2 == 0);
    batch.add(blocks[0], new Observations(), ALL);
    int mixed = 85 + 170;
    assertThat(batch.rows()).as("two shared rows and the mixed ones").isEqualTo(2 + mixed);
    batch.encodeInto(grid, encoder, backend);
    for (int vertex = 0; vertex < VERTICES; vertex++) {
      assertThat(feature(grid.block(blocks[0]), vertex)).isEqualTo(encoded(vertex));
      assertThat(feature(grid.block(blocks[2]), vertex))
          .isEqualTo(vertex % 2 == 0 ? encoded(vertex) : feature(before[2], vertex));
    }
    assertThat(grid.block(blocks[1])).isEqualTo(before[1]);
  }

  @Test
  void anUnseenBlockIsUnseenButForWhatIsAdded() {
    int block = grid.allocate(0, 0, 0);
    batch.addUnseen(block);
    batch.add(block, new Observations(), vertex -> vertex == 5);
    assertThat(batch.rows()).isEqualTo(3);
    batch.encodeInto(grid, encoder, backend);
    float[] unseen = apply(new float[INPUTS]);
    for (int vertex = 0; vertex < VERTICES; vertex++) {
      assertThat(feature(grid.block(block), vertex)).isEqualTo(vertex == 5 ? encoded(5) : unseen);
    }
  }

  @Test
  void backwardIsTheCentralDifferenceThroughEncoding() {
    int block = grid.allocate(0, 0, 0);
    int other = grid.allocate(1, 0, 0);
    float[] gradient = gradient();
    batch.add(block, new Observations(), ALL);
    batch.addUnseen(other);
    float[][] actual = new float[1][SHAPE.weightCount()];
    batch.encodeInto(grid, encoder, backend);
    batch.backward(b -> gradient, encoder, backend, actual);

    double[] expected = new double[SHAPE.weightCount()];
    Arrays.setAll(expected, weight -> difference(weight, block, other, gradient));
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      // Losses of 4096 floats of order 1 are rounded by 4e-6, and divided by 1.2e-4; the largest
      // derivative is about 100. Hardly any of 16 * 172 rectifiers has its kink within a step.
      assertThat((double) actual[0][i])
          .as("weight %d", i)
          .isCloseTo(expected[i], Offset.offset(2e-3 * largest));
    }
  }

  private static float[] gradient() {
    SplittableRandom random = new SplittableRandom(8);
    float[] gradient = new float[VERTICES * CHANNELS];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    return gradient;
  }

  private double difference(int weight, int block, int other, float[] gradient) {
    float saved = encoder.weights()[weight];
    float step = 0x1p-14f;
    encoder.weights()[weight] = saved + step;
    double above = loss(block, other, gradient);
    encoder.weights()[weight] = saved - step;
    double below = loss(block, other, gradient);
    encoder.weights()[weight] = saved;
    return (above - below) / (2 * step);
  }

  /** {@code sum gradient * features} over both blocks. */
  private double loss(int block, int other, float[] gradient) {
    batch.clear();
    batch.add(block, new Observations(), ALL);
    batch.addUnseen(other);
    batch.encodeInto(grid, encoder, backend);
    double sum = 0;
    for (int i = 0; i < gradient.length; i++) {
      sum += (double) gradient[i] * (grid.block(block)[i] + grid.block(other)[i]);
    }
    return sum;
  }

  @Test
  void backwardLeavesAnEmptyBatchWithItsSharedRows() {
    int block = grid.allocate(0, 0, 0);
    batch.add(block, new Observations(), ALL);
    batch.encodeInto(grid, encoder, backend);
    float[] encoded = grid.block(block).clone();
    float[] onlyMixed = new float[VERTICES * CHANNELS];
    onlyMixed[2 * CHANNELS] = 1;
    // The one row with a gradient moves to the place of a shared row.
    batch.backward(b -> onlyMixed, encoder, backend, new float[1][SHAPE.weightCount()]);
    assertThat(batch.rows()).isEqualTo(2);
    Arrays.fill(grid.block(block), 9f);
    batch.encodeInto(grid, encoder, backend);
    assertThat(grid.block(block)).containsOnly(9f);
    batch.add(block, new Observations(), ALL);
    batch.encodeInto(grid, encoder, backend);
    assertThat(grid.block(block)).isEqualTo(encoded);
  }

  @Test
  void blocksWithoutAGradientAddNone() {
    int block = grid.allocate(0, 0, 0);
    batch.add(block, new Observations(), ALL);
    batch.encodeInto(grid, encoder, backend);
    float[][] gradient = new float[1][SHAPE.weightCount()];
    batch.backward(b -> null, encoder, backend, gradient);
    assertThat(gradient[0]).containsOnly(0f);
  }
}
