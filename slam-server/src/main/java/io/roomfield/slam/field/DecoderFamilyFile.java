package io.roomfield.slam.field;

import io.roomfield.slam.field.SafetensorsFile.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The format of a {@link DecoderFamily}'s file: safetensors. The tensors of a network (see {@link
 * DecoderTensors}) have its name before theirs: {@code coarse.}, {@code mid.}, {@code fine.},
 * {@code encoder.coarse.}, {@code encoder.mid.}, {@code encoder.fine.}; a joint family has neither
 * mid nor fine. Metadata: {@code format}, {@code family}, {@code <network>.shape} of each network
 * there is, {@code colour.shape}, {@code sha256} of the data section, and whatever the writer adds.
 */
final class DecoderFamilyFile {
  private static final String FORMAT = "roomfield-decoders/1";
  private static final String SHAPE = ".shape";
  private static final String FORMAT_KEY = "format";
  private static final String FAMILY_KEY = "family";
  private static final String SHA256_KEY = "sha256";
  private static final String COLOUR_KEY = "colour" + SHAPE;

  private DecoderFamilyFile() {}

  /**
   * The file that holds a family.
   *
   * @param free further metadata
   * @throws IllegalArgumentException if {@code free} has a key of the format's, or a weight is not
   *     finite
   */
  static SafetensorsFile of(DecoderFamily family, Map<String, String> free) {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    metadata.put(FORMAT_KEY, FORMAT);
    metadata.put(FAMILY_KEY, family.name());
    networks(family)
        .forEach(
            (network, decoder) -> {
              metadata.put(network + SHAPE, DecoderTensors.text(decoder.shape()));
              DecoderTensors.put(network + ".", decoder, tensors);
            });
    metadata.put(COLOUR_KEY, DecoderTensors.text(family.colour()));
    metadata.put(SHA256_KEY, new SafetensorsFile(Map.of(), tensors).dataSha256());
    new TreeMap<>(free)
        .forEach(
            (key, text) -> {
              if (metadata.putIfAbsent(key, text) != null) {
                throw new IllegalArgumentException(
                    "metadata %s: \"%s\" (expected: a key that the format does not use)"
                        .formatted(key, text));
              }
            });
    return new SafetensorsFile(metadata, tensors);
  }

  /**
   * Reads a family.
   *
   * @param file its name, for messages
   * @throws IOException if it is damaged, of another format, or its networks do not fit together
   */
  static DecoderFamily read(String file, InputStream in) throws IOException {
    SafetensorsFile content = SafetensorsFile.read(file, in);
    try {
      expect(FORMAT_KEY, content.metadata().get(FORMAT_KEY), FORMAT);
      expect(SHA256_KEY, content.metadata().get(SHA256_KEY), content.dataSha256());
      return family(content);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a family that must have this name.
   *
   * @throws IOException as above, or if it has another name
   */
  static DecoderFamily read(String file, String name, InputStream in) throws IOException {
    DecoderFamily family = read(file, in);
    try {
      expect(FAMILY_KEY, family.name(), name);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return family;
  }

  private static DecoderFamily family(SafetensorsFile content) throws IOException {
    Map<String, String> metadata = content.metadata();
    Map<String, Tensor> rest = new HashMap<>(content.tensors());
    Decoder.Shape colour = shape(COLOUR_KEY, metadata);
    boolean joint = SceneField.isJoint(colour);
    DecoderFamily family =
        new DecoderFamily(
            metadata.getOrDefault(FAMILY_KEY, ""),
            optional("coarse", metadata, rest),
            joint ? null : required("mid", metadata, rest),
            joint ? null : required("fine", metadata, rest),
            colour,
            optional("encoder.coarse", metadata, rest),
            optional("encoder.mid", metadata, rest),
            optional("encoder.fine", metadata, rest));
    if (!rest.isEmpty()) {
      throw new IOException(
          "%s: unknown tensors (expected: those of the networks whose shape is told)"
              .formatted(String.join(", ", new TreeSet<>(rest.keySet()))));
    }
    return family;
  }

  private static Decoder optional(
      String network, Map<String, String> metadata, Map<String, Tensor> rest) throws IOException {
    return metadata.containsKey(network + SHAPE) ? required(network, metadata, rest) : null;
  }

  private static Decoder required(
      String network, Map<String, String> metadata, Map<String, Tensor> rest) throws IOException {
    return DecoderTensors.take(network + ".", shape(network + SHAPE, metadata), rest);
  }

  private static Decoder.Shape shape(String key, Map<String, String> metadata) throws IOException {
    try {
      return DecoderTensors.shape(metadata.get(key));
    } catch (IOException e) {
      throw new IOException("metadata %s: %s".formatted(key, e.getMessage()), e);
    }
  }

  private static void expect(String key, String came, String expected) throws IOException {
    if (!expected.equals(came)) {
      throw new IOException("metadata %s: %s (expected: %s)".formatted(key, came, expected));
    }
  }

  /** The networks that a family has, by their names in the file. */
  private static Map<String, Decoder> networks(DecoderFamily family) {
    Map<String, Decoder> networks = new LinkedHashMap<>();
    networks.put("coarse", family.coarse());
    networks.put("mid", family.mid());
    networks.put("fine", family.fine());
    networks.put("encoder.coarse", family.coarseEncoder());
    networks.put("encoder.mid", family.midEncoder());
    networks.put("encoder.fine", family.fineEncoder());
    networks.values().removeIf(decoder -> decoder == null);
    return networks;
  }
}
