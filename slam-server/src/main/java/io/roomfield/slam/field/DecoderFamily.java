package io.roomfield.slam.field;

import io.roomfield.geometry.InvalidValueException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Networks that were trained together, and so fit each other: the decoders of a {@link SceneField},
 * and the encoders that give its grids their first features. One file holds them ({@link
 * DecoderFamilyFile}); the resource {@code decoders/families.txt} lists those that come with the
 * server.
 *
 * @param name what presets call it: small letters, digits and hyphens
 * @param coarse reads coarse features, or null where the family has none
 * @param mid reads mid features, or null in a joint family
 * @param fine reads fine and mid features, concatenated; null where mid is
 * @param colour shape of the colour decoder, whose weights are optimised while mapping; in a joint
 *     family it gives occupancy as well, and reads no features (see {@link SceneField#isJoint})
 * @param coarseEncoder gives coarse features, or null
 * @param midEncoder reads {@link #ENCODER_INPUTS} numbers and gives mid features, or null
 * @param fineEncoder as the mid encoder, for fine features; or null
 */
public record DecoderFamily(
    String name,
    Decoder coarse,
    Decoder mid,
    Decoder fine,
    Decoder.Shape colour,
    Decoder coarseEncoder,
    Decoder midEncoder,
    Decoder fineEncoder) {

  /** The family of the paper's shapes. */
  public static final String NICE = "nice";

  /** What an encoder reads of each lattice point of its patch: tsdf, and whether it was seen. */
  private static final int PATCH_CHANNELS = 2;

  /** Lattice points along the edge of such a patch. */
  public static final int PATCH_EDGE = 5;

  /** Numbers that a mid or fine encoder reads: a 5 x 5 x 5 patch of fused depth, (tsdf, seen). */
  public static final int ENCODER_INPUTS = PATCH_EDGE * PATCH_EDGE * PATCH_EDGE * PATCH_CHANNELS;

  private static final String NAME_PATTERN = "[a-z0-9][a-z0-9-]*";
  private static final int COLOURS = 3;
  private static final String FOLDER = "decoders/";
  private static final String INDEX = FOLDER + "families.txt";

  /**
   * @throws IllegalArgumentException naming the network whose inputs or outputs do not fit
   */
  public DecoderFamily {
    if (!name.matches(NAME_PATTERN)) {
      throw new IllegalArgumentException(
          "family: \"%s\" (expected: small letters, digits and hyphens)".formatted(name));
    }
    if ((mid == null) != (fine == null)) {
      throw new IllegalArgumentException(
          "%s without %s (expected: both or neither)"
              .formatted(mid == null ? "fine" : "mid", mid == null ? "mid" : "fine"));
    }
    if (mid == null) {
      check("colour", "outputs", colour.outputs(), SceneField.JOINT_OUTPUTS);
      check("colour", "features", colour.featureChannels(), 0);
    } else {
      check("mid", "outputs", mid.shape().outputs(), 1);
      check("fine", "outputs", fine.shape().outputs(), 1);
      check("colour", "outputs", colour.outputs(), COLOURS);
      if (channels(mid, fine) <= 0) {
        throw new IllegalArgumentException(
            "fine: features: %d (expected: more than the mid features it reads as well, %d)"
                .formatted(fine.shape().featureChannels(), mid.shape().featureChannels()));
      }
    }
    if (coarse != null) {
      check("coarse", "outputs", coarse.shape().outputs(), 1);
    }
    if (coarseEncoder != null) {
      int anyInputs = coarseEncoder.shape().featureChannels();
      checkEncoder("encoder.coarse", coarseEncoder, anyInputs, channels(coarse));
    }
    checkEncoder("encoder.mid", midEncoder, ENCODER_INPUTS, channels(mid));
    checkEncoder("encoder.fine", fineEncoder, ENCODER_INPUTS, channels(mid, fine));
  }

  private static int channels(Decoder decoder) {
    return decoder == null ? 0 : decoder.shape().featureChannels();
  }

  /** The fine grid's: the decoder reads mid's beside them. */
  private static int channels(Decoder mid, Decoder fine) {
    return channels(fine) - channels(mid);
  }

  private static void checkEncoder(String network, Decoder encoder, int inputs, int outputs) {
    if (encoder != null) {
      check(network, "encoding", encoder.shape().encodingSize(), 0);
      check(network, "features", encoder.shape().featureChannels(), inputs);
      check(network, "outputs", encoder.shape().outputs(), outputs);
    }
  }

  private static void check(String network, String what, int came, int expected) {
    if (came != expected) {
      throw new IllegalArgumentException(
          "%s: %s: %d (expected: %d)".formatted(network, what, came, expected));
    }
  }

  /** The families that come with the server. */
  public static List<String> names() {
    try (InputStream in = resource(INDEX)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * @param key what the name was given for, for the message
   * @throws InvalidValueException if no family that comes with the server has that name; lists them
   */
  public static void checkKnown(String key, String name) {
    List<String> known = names();
    if (!known.contains(name)) {
      throw new InvalidValueException(key, name, "one of " + String.join(", ", known));
    }
  }

  /**
   * Loads the resource {@code decoders/<name>.safetensors}.
   *
   * @throws InvalidValueException if there is none of that name; the known ones are listed
   * @throws UncheckedIOException if it is damaged or holds another family: names the file, and what
   *     was expected and came
   */
  public static DecoderFamily load(String name) {
    checkKnown("decoders", name);
    String file = FOLDER + name + ".safetensors";
    try (InputStream in = resource(file)) {
      return DecoderFamilyFile.read(file, name, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is damaged: names the file, and what was expected
   *     and came
   */
  public static DecoderFamily read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return DecoderFamilyFile.read(file.toString(), in);
    }
  }

  /**
   * Writes a file; the same family and metadata give the same bytes.
   *
   * @param metadata what else the file shall say of itself, such as the command that made it
   * @throws IllegalArgumentException if metadata has a key that the format uses, or a weight is not
   *     finite
   */
  public void write(Path file, Map<String, String> metadata) throws IOException {
    SafetensorsFile content = DecoderFamilyFile.of(this, metadata);
    try (OutputStream out = Files.newOutputStream(file)) {
      content.write(out);
    }
  }

  /** The encoder of a level's features, or null where the family has none; colour never has. */
  public Decoder encoder(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarseEncoder;
      case MID -> midEncoder;
      case FINE -> fineEncoder;
      case COLOUR -> null;
    };
  }

  /** Whether one network gives occupancy and colour: see {@link SceneField#isJoint}. */
  public boolean isJoint() {
    return mid == null;
  }

  /** Channels of a level's grid; 0 where the family has no decoder of the level. */
  public int channels(FieldLevel level) {
    return switch (level) {
      case COARSE -> channels(coarse);
      case MID -> channels(mid);
      case FINE -> channels(mid, fine);
      case COLOUR -> colour.featureChannels();
    };
  }

  /**
   * Multiply-adds of a point's decoding at a stage, over the decoders that it reads: see {@link
   * Decoder.Shape#multiplyAdds}; 0 at the coarse stage of a family without a coarse decoder.
   */
  public long multiplyAdds(FieldStage stage) {
    if (stage == FieldStage.COARSE) {
      return coarse == null ? 0 : coarse.shape().multiplyAdds();
    }
    if (isJoint()) {
      return colour.multiplyAdds();
    }
    return mid.shape().multiplyAdds()
        + (stage.readsFine() ? fine.shape().multiplyAdds() : 0)
        + (stage.readsColour() ? colour.multiplyAdds() : 0);
  }

  private static InputStream resource(String file) throws IOException {
    InputStream in = DecoderFamily.class.getClassLoader().getResourceAsStream(file);
    if (in == null) {
      throw new FileNotFoundException(file + ": missing (expected: a resource of the server)");
    }
    return in;
  }
}
