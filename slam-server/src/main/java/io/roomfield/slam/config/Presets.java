package io.roomfield.slam.config;

import io.roomfield.geometry.InvalidValueException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The presets that come with the server: resources {@code presets/NAME.yaml}. {@code paper-*} have
 * the values published with NICE-SLAM for a dataset; {@code imap} is a baseline; {@code default} is
 * ours.
 */
public final class Presets {
  public static final String DEFAULT = "default";

  private static final List<String> NAMES =
      List.of(
          DEFAULT,
          "realtime",
          "paper-small",
          "imap",
          "paper-replica",
          "paper-scannet",
          "paper-tum");

  private Presets() {}

  public static List<String> names() {
    return NAMES;
  }

  /**
   * Reads a preset.
   *
   * @throws InvalidValueException if there is none of that name; the known ones are listed
   * @throws IllegalArgumentException if its file has an unknown, missing or wrong key
   */
  public static SlamConfig load(String name) {
    if (!NAMES.contains(name)) {
      throw new InvalidValueException("preset", name, "one of " + String.join(", ", NAMES));
    }
    String resource = "presets/" + name + ".yaml";
    try (InputStream yaml = Presets.class.getClassLoader().getResourceAsStream(resource)) {
      if (yaml == null) {
        throw new FileNotFoundException(resource + " (expected: a resource of the server)");
      }
      return read(yaml, resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SlamConfig read(InputStream yaml, String source) throws IOException {
    return RecordReader.build(RecordReader.parse(yaml, source), SlamConfig.class, source);
  }
}
