package io.roomfield.slam.field;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Where decoders come from: weight files (safetensors) that say their own shape, or fresh random
 * weights drawn as NICE-SLAM draws them.
 *
 * <p>A weight file has the metadata {@code family}, {@code level}, {@code encoding_size}, {@code
 * feature_channels}, {@code hidden}, {@code blocks}, {@code skip_after}, {@code outputs} (see
 * {@link Decoder.Shape}) and the tensors {@code encoding [3, encoding_size]}, {@code block.i.weight
 * [hidden, in]}, {@code block.i.bias}, {@code inject.i.weight [hidden, feature_channels]}, {@code
 * inject.i.bias}, {@code output.weight [outputs, in]}, {@code output.bias}; {@code encoding} and
 * {@code inject.*} only with an encoding.
 */
public final class DecoderWeights {
  /** The decoders of the paper's shape; the resource folder {@code decoders} may hold others. */
  public static final String NICE = "nice";

  /** Columns of B, its standard deviation, and the network's size (NICE-SLAM, section 3.1). */
  private static final int ENCODING_SIZE = 93;

  private static final double ENCODING_STDDEV = 25;
  private static final int CHANNELS = 32;
  private static final int HIDDEN = 32;
  private static final int BLOCKS = 5;
  private static final int SKIP_AFTER = 2;

  /** Gains of Xavier's initialisation, by the activation that follows. */
  private static final double RELU_GAIN = Math.sqrt(2);

  private static final double LINEAR_GAIN = 1;

  private DecoderWeights() {}

  /**
   * Loads the resource {@code decoders/<family>-<level>.safetensors}.
   *
   * @throws UncheckedIOException if there is none, or it is damaged, or does not hold that decoder:
   *     names the file and the tensor
   */
  public static Decoder load(String family, FieldLevel level) {
    String levelName = level.name().toLowerCase(Locale.ROOT);
    String file = "decoders/%s-%s.safetensors".formatted(family, levelName);
    try (InputStream in = DecoderWeights.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException(file + ": no such weight file among the resources");
      }
      SafetensorsFile weights = SafetensorsFile.read(file, in);
      expectMetadata(file, weights, "family", family);
      expectMetadata(file, weights, "level", levelName);
      return decoder(file, weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * The decoder that a weight file describes.
   *
   * @param file its name, for messages
   * @throws IOException if metadata or a tensor is missing, of another shape, or not finite
   */
  public static Decoder decoder(String file, SafetensorsFile weights) throws IOException {
    Decoder.Shape shape = shape(file, weights);
    float[] flat = new float[shape.weightCount()];
    float[] encoding = new float[3 * shape.encodingSize()];
    TensorReader reader = new TensorReader(file, weights);
    if (shape.injectsFeatures()) {
      reader.copy("encoding", encoding, 0, 3, shape.encodingSize());
    }
    int hidden = shape.hidden();
    for (int i = 0; i < shape.blocks(); i++) {
      String block = "block." + i;
      reader.copy(block + ".weight", flat, shape.weightOffset(i), hidden, shape.blockInputs(i));
      reader.copy(block + ".bias", flat, shape.biasOffset(i), hidden);
      if (shape.injectsFeatures()) {
        String inject = "inject." + i;
        int channels = shape.featureChannels();
        reader.copy(inject + ".weight", flat, shape.featureWeightOffset(i), hidden, channels);
        reader.copy(inject + ".bias", flat, shape.featureBiasOffset(i), hidden);
      }
    }
    int outputs = shape.outputs();
    reader.copy("output.weight", flat, shape.outputWeightOffset(), outputs, shape.outputInputs());
    reader.copy("output.bias", flat, shape.outputBiasOffset(), outputs);
    return new Decoder(shape, encoding, flat);
  }

  /** A colour decoder to be optimised while mapping (NICE-SLAM, section 3.3). */
  public static Decoder randomColour(long seed) {
    return random(
        new Decoder.Shape(ENCODING_SIZE, CHANNELS, HIDDEN, BLOCKS, SKIP_AFTER, 3),
        new SplittableRandom(seed));
  }

  /** A coarse decoder to be optimised while mapping, until a pretrained one exists. */
  public static Decoder randomCoarse(long seed) {
    return random(
        new Decoder.Shape(0, CHANNELS, HIDDEN, BLOCKS, SKIP_AFTER, 1), new SplittableRandom(seed));
  }

  private static Decoder random(Decoder.Shape shape, SplittableRandom random) {
    float[] encoding = new float[3 * shape.encodingSize()];
    for (int i = 0; i < encoding.length; i++) {
      encoding[i] = (float) (ENCODING_STDDEV * random.nextGaussian());
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

  private static Decoder.Shape shape(String file, SafetensorsFile weights) throws IOException {
    int encodingSize = metadataInt(file, weights, "encoding_size");
    int channels = metadataInt(file, weights, "feature_channels");
    int hidden = metadataInt(file, weights, "hidden");
    int blocks = metadataInt(file, weights, "blocks");
    int skipAfter = metadataInt(file, weights, "skip_after");
    int outputs = metadataInt(file, weights, "outputs");
    try {
      return new Decoder.Shape(encodingSize, channels, hidden, blocks, skipAfter, outputs);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static int metadataInt(String file, SafetensorsFile weights, String key)
      throws IOException {
    String text = weights.metadata().get(key);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "%s: metadata %s: %s (expected: an integer)"
              .formatted(file, key, text == null ? "missing" : '"' + text + '"'),
          e);
    }
  }

  private static void expectMetadata(
      String file, SafetensorsFile weights, String key, String expected) throws IOException {
    String value = weights.metadata().get(key);
    if (!expected.equals(value)) {
      throw new IOException(
          "%s: metadata %s: %s (expected: %s)".formatted(file, key, value, expected));
    }
  }

  private record TensorReader(String file, SafetensorsFile weights) {
    void copy(String name, float[] into, int at, int... shape) throws IOException {
      SafetensorsFile.Tensor tensor = weights.tensors().get(name);
      if (tensor == null) {
        throw new IOException(
            "%s: %s: missing (expected: shape %s)".formatted(file, name, Arrays.toString(shape)));
      }
      if (!Arrays.equals(tensor.shape(), shape)) {
        throw new IOException(
            "%s: %s: shape %s (expected: %s)"
                .formatted(file, name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
      }
      for (float value : tensor.values()) {
        if (!Float.isFinite(value)) {
          throw new IOException(
              "%s: %s: has a value %s (expected: finite)".formatted(file, name, value));
        }
      }
      System.arraycopy(tensor.values(), 0, into, at, tensor.values().length);
    }
  }
}
