package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.slam.field.SafetensorsFile.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecoderWeightsTest {
  /**
   * Both sides compute in double from the same float32 weights; what differs is the order of sums
   * of about 100 terms, and that error in a sine's argument of up to some hundred radians.
   */
  private static final double TOLERANCE = 1e-9;

  @Test
  void resourcesAgreeWithANumpyForwardPassFromTheArchive() throws IOException {
    JsonNode fixture = resource("decoders/forward.json");
    Decoder mid = DecoderWeights.load(DecoderWeights.NICE, FieldLevel.MID);
    Decoder fine = DecoderWeights.load(DecoderWeights.NICE, FieldLevel.FINE);
    assertThat(mid.shape()).isEqualTo(new Decoder.Shape(93, 32, 32, 5, 2, 1));
    assertThat(fine.shape()).isEqualTo(new Decoder.Shape(93, 64, 32, 5, 2, 1));
    assertThat(fixture.get("points")).hasSize(5);
    for (int i = 0; i < 5; i++) {
      double[] point = doubles(fixture.get("points").get(i));
      double[] midFeature = doubles(fixture.get("midFeatures").get(i));
      double[] both = concatenated(doubles(fixture.get("fineFeatures").get(i)), midFeature);
      assertThat(forward(mid, point, midFeature))
          .isCloseTo(fixture.get("midOutputs").get(i).asDouble(), within(TOLERANCE));
      assertThat(forward(fine, point, both))
          .isCloseTo(fixture.get("fineOutputs").get(i).asDouble(), within(TOLERANCE));
    }
  }

  @Test
  void randomColourIsDrawnAsTorchDrawsIt() {
    Decoder decoder = DecoderWeights.randomColour(3);
    Decoder.Shape shape = decoder.shape();
    assertThat(shape).isEqualTo(new Decoder.Shape(93, 32, 32, 5, 2, 3));
    // 279 normal draws: their standard deviation is within 4 sigma = 4 * 25 / sqrt(2 * 279).
    assertThat(rootMeanSquare(decoder.encoding(), 0, 279)).isCloseTo(25, within(4.3));
    for (int i = 0; i < shape.blocks(); i++) {
      int inputs = shape.blockInputs(i);
      assertUniform(
          decoder,
          shape.weightOffset(i),
          32 * inputs,
          Math.sqrt(2) * Math.sqrt(6.0 / (inputs + 32)));
      assertThat(rootMeanSquare(decoder.weights(), shape.biasOffset(i), 32)).isZero();
      assertUniform(decoder, shape.featureWeightOffset(i), 32 * 32 + 32, 1 / Math.sqrt(32));
    }
    assertUniform(decoder, shape.outputWeightOffset(), 3 * 32, Math.sqrt(6.0 / (32 + 3)));
    assertThat(rootMeanSquare(decoder.weights(), shape.outputBiasOffset(), 3)).isZero();
    assertThat(DecoderWeights.randomColour(3).weights()).isEqualTo(decoder.weights());
    assertThat(DecoderWeights.randomColour(4).weights()).isNotEqualTo(decoder.weights());
  }

  @Test
  void randomCoarseHasNoEncoding() {
    Decoder decoder = DecoderWeights.randomCoarse(3);
    assertThat(decoder.shape()).isEqualTo(new Decoder.Shape(0, 32, 32, 5, 2, 1));
    assertThat(decoder.encoding()).isEmpty();
    assertUniform(decoder, 0, 32 * 32, Math.sqrt(2) * Math.sqrt(6.0 / 64));
  }

  @Test
  void aWrongFileIsRefusedByFileAndTensor() throws IOException {
    assertThatThrownBy(() -> DecoderWeights.load("tiny", FieldLevel.MID))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("decoders/tiny-mid.safetensors: no such weight file");
    SafetensorsFile good = midFile();

    Map<String, Tensor> missing = new LinkedHashMap<>(good.tensors());
    missing.remove("inject.2.bias");
    assertRefused(good.metadata(), missing, "f: inject.2.bias: missing (expected: shape [32])");

    Map<String, Tensor> reshaped = new LinkedHashMap<>(good.tensors());
    reshaped.put("block.1.weight", new Tensor(new int[] {32, 31}, new float[32 * 31]));
    assertRefused(
        good.metadata(), reshaped, "f: block.1.weight: shape [32, 31] (expected: [32, 32])");

    Map<String, Tensor> notFinite = new LinkedHashMap<>(good.tensors());
    notFinite.put("output.bias", new Tensor(new int[] {1}, new float[] {Float.NaN}));
    assertRefused(good.metadata(), notFinite, "f: output.bias: has a value NaN (expected: finite)");
  }

  @Test
  void wrongMetadataIsRefused() throws IOException {
    SafetensorsFile good = midFile();
    Map<String, String> without = new LinkedHashMap<>(good.metadata());
    without.remove("hidden");
    assertRefused(without, good.tensors(), "f: metadata hidden: missing (expected: an integer)");

    Map<String, String> odd = new LinkedHashMap<>(good.metadata());
    odd.put("hidden", "33");
    assertRefused(odd, good.tensors(), "f: decoder shape: encoding 93, features 32, hidden 33");

    Map<String, String> text = new LinkedHashMap<>(good.metadata());
    text.put("blocks", "five");
    assertRefused(text, good.tensors(), "f: metadata blocks: \"five\" (expected: an integer)");
  }

  private static void assertRefused(
      Map<String, String> metadata, Map<String, Tensor> tensors, String message) {
    assertThatThrownBy(() -> DecoderWeights.decoder("f", new SafetensorsFile(metadata, tensors)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }

  /** The forward pass of {@link Decoder}'s documentation in double, first output. */
  private static double forward(Decoder decoder, double[] point, double[] feature) {
    Decoder.Shape shape = decoder.shape();
    double[] e = new double[shape.encodingSize()];
    for (int k = 0; k < e.length; k++) {
      double argument = 0;
      for (int d = 0; d < 3; d++) {
        argument += point[d] * decoder.encoding()[d * e.length + k];
      }
      e[k] = Math.sin(argument);
    }
    double[] h = e;
    for (int i = 0; i < shape.blocks(); i++) {
      double[] block = linear(decoder, shape.weightOffset(i), shape.biasOffset(i), h);
      double[] injected =
          linear(decoder, shape.featureWeightOffset(i), shape.featureBiasOffset(i), feature);
      for (int k = 0; k < block.length; k++) {
        block[k] = Math.max(block[k], 0) + injected[k];
      }
      h = i == shape.skipAfter() ? concatenated(e, block) : block;
    }
    return linear(decoder, shape.outputWeightOffset(), shape.outputBiasOffset(), h)[0];
  }

  /** {@code W x + b}, where b follows W in the flat array and so tells the number of rows. */
  private static double[] linear(Decoder decoder, int weightAt, int biasAt, double[] x) {
    double[] y = new double[(biasAt - weightAt) / x.length];
    for (int row = 0; row < y.length; row++) {
      y[row] = decoder.weights()[biasAt + row];
      for (int k = 0; k < x.length; k++) {
        y[row] += decoder.weights()[weightAt + row * x.length + k] * x[k];
      }
    }
    return y;
  }

  /**
   * Within the bound, and with a uniform distribution's spread: the root mean square of n draws is
   * bound / sqrt(3) with a relative standard deviation of 0.45 / sqrt(n); 4 of those are allowed.
   */
  private static void assertUniform(Decoder decoder, int at, int count, double bound) {
    for (int i = at; i < at + count; i++) {
      assertThat(Math.abs(decoder.weights()[i])).isLessThanOrEqualTo((float) bound);
    }
    assertThat(rootMeanSquare(decoder.weights(), at, count) * Math.sqrt(3) / bound)
        .isCloseTo(1, within(4 * 0.45 / Math.sqrt(count)));
  }

  private static double rootMeanSquare(float[] values, int at, int count) {
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += values[i] * values[i];
    }
    return Math.sqrt(sum / count);
  }

  private static double[] concatenated(double[] a, double[] b) {
    double[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  private static SafetensorsFile midFile() throws IOException {
    try (InputStream in = open("decoders/nice-mid.safetensors")) {
      return SafetensorsFile.read("f", in);
    }
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static InputStream open(String name) {
    return DecoderWeightsTest.class.getClassLoader().getResourceAsStream(name);
  }
}
