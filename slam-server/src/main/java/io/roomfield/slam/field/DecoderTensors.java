package io.roomfield.slam.field;

import io.roomfield.slam.field.SafetensorsFile.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network as the tensors of a weight file: {@code encoding [3, encodingSize]}, {@code
 * block.i.weight [hidden, in]}, {@code block.i.bias}, {@code inject.i.weight [hidden,
 * featureChannels]}, {@code inject.i.bias}, {@code output.weight [outputs, in]}, {@code
 * output.bias}; {@code encoding} only where there is one, {@code inject.*} where it reads features
 * beside it. See {@link Decoder}.
 */
final class DecoderTensors {
  private static final String SHAPE_FORMAT =
      "encoding=%d features=%d hidden=%d blocks=%d skip=%d outputs=%d";
  private static final Pattern SHAPE_PATTERN =
      Pattern.compile(SHAPE_FORMAT.replace("%d", "(-?\\d{1,9})"));

  /** Where a tensor's values lie in the encoding followed by the flat weights. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Slice(String name, int at, int[] shape) {
    int length() {
      return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  private DecoderTensors() {}

  /** A shape as metadata says it. */
  static String text(Decoder.Shape shape) {
    return SHAPE_FORMAT.formatted(
        shape.encodingSize(),
        shape.featureChannels(),
        shape.hidden(),
        shape.blocks(),
        shape.skipAfter(),
        shape.outputs());
  }

  /**
   * The shape that a text of {@link #text} tells.
   *
   * @param text null where it is missing
   * @throws IOException if it tells none, or one that no network has
   */
  static Decoder.Shape shape(String text) throws IOException {
    Matcher numbers = SHAPE_PATTERN.matcher(text == null ? "" : text);
    if (!numbers.matches()) {
      throw new IOException(
          "%s (expected: as \"encoding=93 features=32 hidden=32 blocks=5 skip=2 outputs=1\")"
              .formatted(text == null ? "missing" : '"' + text + '"'));
    }
    int[] n = new int[numbers.groupCount()];
    for (int i = 0; i < n.length; i++) {
      n[i] = Integer.parseInt(numbers.group(i + 1));
    }
    try {
      return new Decoder.Shape(n[0], n[1], n[2], n[3], n[4], n[5]);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Adds the tensors {@code prefix + name} of a network.
   *
   * @throws IllegalArgumentException naming the tensor that is not finite
   */
  static void put(String prefix, Decoder decoder, Map<String, Tensor> into) {
    float[] encoding = decoder.encoding();
    float[] all = Arrays.copyOf(encoding, encoding.length + decoder.weights().length);
    System.arraycopy(decoder.weights(), 0, all, encoding.length, decoder.weights().length);
    for (Slice slice : slices(decoder.shape())) {
      float[] values = Arrays.copyOfRange(all, slice.at, slice.at + slice.length());
      String name = prefix + slice.name;
      String fault = notFinite(name, values);
      if (fault != null) {
        throw new IllegalArgumentException(fault);
      }
      into.put(name, new Tensor(slice.shape, values));
    }
  }

  /**
   * Takes the tensors {@code prefix + name} of a network out of a map.
   *
   * @throws IOException naming the tensor that is missing, of another shape, or not finite
   */
  static Decoder take(String prefix, Decoder.Shape shape, Map<String, Tensor> from)
      throws IOException {
    int encodingLength = 3 * shape.encodingSize();
    float[] all = new float[encodingLength + shape.weightCount()];
    for (Slice slice : slices(shape)) {
      float[] values = values(prefix + slice.name, slice.shape, from.remove(prefix + slice.name));
      System.arraycopy(values, 0, all, slice.at, values.length);
    }
    return new Decoder(
        shape,
        Arrays.copyOf(all, encodingLength),
        Arrays.copyOfRange(all, encodingLength, all.length));
  }

  private static float[] values(String name, int[] shape, Tensor tensor) throws IOException {
    if (tensor == null) {
      throw new IOException("%s: missing (expected: shape %s)".formatted(name, text(shape)));
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IOException(
          "%s: shape %s (expected: %s)".formatted(name, text(tensor.shape()), text(shape)));
    }
    String fault = notFinite(name, tensor.values());
    if (fault != null) {
      throw new IOException(fault);
    }
    return tensor.values();
  }

  /** What is wrong with the values, or null. */
  private static String notFinite(String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return "%s: has a value %s (expected: finite)".formatted(name, value);
      }
    }
    return null;
  }

  private static String text(int[] shape) {
    return Arrays.toString(shape);
  }

  private static List<Slice> slices(Decoder.Shape shape) {
    List<Slice> slices = new ArrayList<>();
    int hidden = shape.hidden();
    int start = 3 * shape.encodingSize();
    if (shape.hasEncoding()) {
      slices.add(new Slice("encoding", 0, new int[] {3, shape.encodingSize()}));
    }
    for (int i = 0; i < shape.blocks(); i++) {
      int[] weight = {hidden, shape.blockInputs(i)};
      slices.add(new Slice("block." + i + ".weight", start + shape.weightOffset(i), weight));
      slices.add(bias("block." + i, start + shape.biasOffset(i), hidden));
      if (shape.injectsFeatures()) {
        int[] feature = {hidden, shape.featureChannels()};
        int at = start + shape.featureWeightOffset(i);
        slices.add(new Slice("inject." + i + ".weight", at, feature));
        slices.add(bias("inject." + i, start + shape.featureBiasOffset(i), hidden));
      }
    }
    int[] output = {shape.outputs(), shape.outputInputs()};
    slices.add(new Slice("output.weight", start + shape.outputWeightOffset(), output));
    slices.add(bias("output", start + shape.outputBiasOffset(), shape.outputs()));
    return slices;
  }

  private static Slice bias(String layer, int at, int length) {
    return new Slice(layer + ".bias", at, new int[] {length});
  }
}
