package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.Decoder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks on rows of inputs: part of {@link ComputeBackendContract}. */
abstract class NetworkContract extends OccupancyContract {
  /** Encoders of two channel counts; awkward sizes with a skip; a skip that leads to the output. */
  static List<Decoder.Shape> networks() {
    return List.of(
        new Decoder.Shape(0, 250, 64, 2, Decoder.NO_SKIP, 32),
        new Decoder.Shape(0, 250, 16, 2, Decoder.NO_SKIP, 16),
        new Decoder.Shape(0, 13, 12, 3, 1, 5),
        new Decoder.Shape(0, 7, 8, 1, 0, 1));
  }

  /** Rows, a gradient of the outputs, and a backend's answers. */
  private static final class Rows {
    final int count;
    final float[] inputs;
    final float[] outputGradient;

    Rows(Decoder network, int count, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      this.count = count;
      inputs = gaussians(count * network.shape().featureChannels(), random);
      outputGradient = gaussians(count * network.shape().outputs(), random);
    }

    private static float[] gaussians(int length, SplittableRandom random) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    float[] outputs(ComputeBackend backend, Decoder network) {
      float[] outputs = new float[count * network.shape().outputs()];
      backend.apply(network, inputs, count, outputs);
      return outputs;
    }

    /** Summed over lanes. */
    double[] gradient(ComputeBackend backend, Decoder network) {
      float[][] lanes = new float[backend.lanes()][network.weights().length];
      backend.applyBackward(network, inputs, count, outputGradient, lanes);
      double[] sum = new double[network.weights().length];
      for (float[] lane : lanes) {
        Arrays.setAll(sum, i -> sum[i] + lane[i]);
      }
      return sum;
    }

    /** {@code sum outputGradient * outputs}, in double precision and by the formula alone. */
    double loss(Decoder network) {
      Decoder.Shape shape = network.shape();
      double sum = 0;
      for (int row = 0; row < count; row++) {
        double[] c = new double[shape.featureChannels()];
        for (int k = 0; k < c.length; k++) {
          c[k] = inputs[row * c.length + k];
        }
        double[] output = formula(network, c);
        for (int o = 0; o < output.length; o++) {
          sum += output[o] * outputGradient[row * output.length + o];
        }
      }
      return sum;
    }
  }

  /**
   * {@code h = c}; {@code h <- relu(W h + b)}, with {@code [c, h]} after the skip; {@code W h + b}.
   */
  private static double[] formula(Decoder network, double[] c) {
    Decoder.Shape shape = network.shape();
    double[] h = c;
    for (int i = 0; i < shape.blocks(); i++) {
      h = affine(network.weights(), shape.weightOffset(i), shape.hidden(), h);
      for (int k = 0; k < h.length; k++) {
        h[k] = Math.max(h[k], 0);
      }
      if (i == shape.skipAfter()) {
        double[] both = Arrays.copyOf(c, c.length + h.length);
        System.arraycopy(h, 0, both, c.length, h.length);
        h = both;
      }
    }
    return affine(network.weights(), shape.outputWeightOffset(), shape.outputs(), h);
  }

  /** The biases follow the matrix. */
  private static double[] affine(float[] weights, int at, int outputs, double[] x) {
    double[] y = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      y[o] = weights[at + outputs * x.length + o];
      for (int i = 0; i < x.length; i++) {
        y[o] += weights[at + o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static Decoder network(Decoder.Shape shape, long seed) {
    return TestField.decoder(shape, new float[0], new SplittableRandom(seed));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void networksAreTheOracles(Decoder.Shape shape) {
    Decoder network = network(shape, 41);
    // Sums of at most 250 products of order 1, as in the thin fields.
    Parity parity = Parity.of(TestField.SMOOTH);
    for (int count : new int[] {1, 13, 207, 702}) {
      Rows rows = new Rows(network, count, count);
      parity.assertValues("outputs", rows.outputs(oracle, network), rows.outputs(backend, network));
      parity.assertGradient(
          "weights", rows.gradient(oracle, network), rows.gradient(backend, network));
    }
  }

  /**
   * More rows than the emulated device takes at once, of a network whose output reads the input.
   */
  @Test
  void manyRowsAreTheOracles() {
    Decoder network = network(networks().getLast(), 47);
    Rows rows = new Rows(network, 9000, 47);
    Parity.of(TestField.SMOOTH)
        .assertValues("outputs", rows.outputs(oracle, network), rows.outputs(backend, network));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void networksWeightGradientsAreTheCentralDifferences(Decoder.Shape shape) {
    Decoder network = network(shape, 42);
    Rows rows = new Rows(network, 20, 42);
    double[] gradient = rows.gradient(backend, network);
    int[] checked = checkedWeights(gradient.length);
    double[] expected =
        Arrays.stream(checked)
            .mapToDouble(
                at -> NumericalGradient.byFloat(network.weights(), at, () -> rows.loss(network)))
            .toArray();
    double[] actual = Arrays.stream(checked).mapToDouble(at -> gradient[at]).toArray();
    new Parity(0, gradientTolerance(TestField.SMOOTH))
        .assertGradient("network weights", expected, actual);
  }

  @Test
  void networksAddToTheGradient() {
    Decoder network = network(networks().get(1), 43);
    Rows rows = new Rows(network, 3, 43);
    float[][] lanes = new float[backend.lanes()][network.weights().length];
    lanes[0][0] = 1000;
    backend.applyBackward(network, rows.inputs, 3, rows.outputGradient, lanes);
    // To the rounding of a float of 1000.
    assertThat(lanes[0][0] - 1000.0)
        .isCloseTo(rows.gradient(backend, network)[0], Offset.offset(1e-4));
  }

  @Test
  void noRowsChangeNothing() {
    Decoder network = network(networks().getFirst(), 44);
    Rows none = new Rows(network, 0, 44);
    assertThat(none.outputs(backend, network)).isEmpty();
    assertThat(none.gradient(backend, network)).containsOnly(0);
    float[] one = new float[32];
    backend.apply(network, new float[250], 0, one);
    assertThat(one).containsOnly(0f);
  }

  @Test
  void networksAreBitIdentical() {
    Decoder network = network(networks().getFirst(), 45);
    Rows rows = new Rows(network, 2000, 45);
    assertThat(rows.outputs(backend, network)).isEqualTo(rows.outputs(backend, network));
    assertThat(rows.gradient(backend, network)).isEqualTo(rows.gradient(backend, network));
  }

  @Test
  void anInputThatIsNotANumberPassesThrough() {
    Decoder network = network(networks().getFirst(), 46);
    Rows rows = new Rows(network, 13, 46);
    rows.inputs[5 * 250 + 17] = Float.NaN;
    float[] outputs = rows.outputs(backend, network);
    for (int i = 0; i < outputs.length; i++) {
      assertThat(Float.isNaN(outputs[i])).as("output %d", i).isEqualTo(i / 32 == 5);
    }
    assertThat(rows.gradient(backend, network)).contains(Double.NaN);
  }
}
