package io.roomfield.slam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.field.DecoderFamily;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PresetsTest {
  @ParameterizedTest
  @MethodSource("io.roomfield.slam.config.Presets#names")
  void everyPresetLoadsUnderItsOwnName(String name) {
    assertThat(Presets.load(name).name()).isEqualTo(name);
  }

  /** The table of algorithm, section 3, and the voxel edges of section 1. */
  @ParameterizedTest
  @CsvSource({
    "paper-replica, 200, 10, 0.001, 1, 1000, 5, 5, 0.32, 0.16",
    "paper-scannet, 1000, 50, 0.0005, 1, 5000, 10, 5, 0.32, 0.16",
    "paper-tum, 5000, 200, 0.01, 0.2, 5000, 10, 1, 0.16, 0.08"
  })
  void paperPresetsHaveThePublishedValues(
      String name,
      int trackingPixels,
      int trackingIterations,
      double trackingRate,
      double rotationRateFactor,
      int mappingPixels,
      int window,
      int everyFrames,
      double midVoxel,
      double fineVoxel) {
    SlamConfig preset = Presets.load(name);

    assertThat(preset.tracking().pixels()).isEqualTo(trackingPixels);
    assertThat(preset.tracking().iterations()).isEqualTo(trackingIterations);
    assertThat(preset.tracking().learningRate()).isEqualTo(trackingRate);
    assertThat(preset.tracking().rotationRateFactor()).isEqualTo(rotationRateFactor);
    assertThat(preset.mapping().pixels()).isEqualTo(mappingPixels);
    assertThat(preset.mapping().iterations()).isEqualTo(60);
    assertThat(preset.mapping().firstFrameIterations()).isEqualTo(1500);
    assertThat(preset.mapping().window()).isEqualTo(window);
    assertThat(preset.mapping().everyFrames()).isEqualTo(everyFrames);
    assertThat(preset.grid().midVoxel()).isEqualTo(midVoxel);
    assertThat(preset.grid().fineVoxel()).isEqualTo(fineVoxel);
    assertThat(preset.rendering()).isEqualTo(new RenderingConfig(32, 16, 0, false, false));
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> Presets.load("paper-kitti"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(
            "preset: paper-kitti"
                + " (expected: one of default, realtime, paper-small, imap, paper-replica, paper-scannet, paper-tum)");
  }

  @Test
  void unknownKeyNamesTheNearestKnownOne() {
    assertThatThrownBy(
            () -> readDefault("  borderPixels: 20", "  borderPixels: 20\n  itreations: 3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("edited: unknown key tracking.itreations (nearest: iterations)");
  }

  @Test
  void missingKeyIsAnErrorAndNotZero() {
    assertThatThrownBy(() -> readDefault("  borderPixels: 20\n", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("edited: tracking.borderPixels: ")
        .hasMessageContaining("Missing");
  }

  @Test
  void emptyValueIsAnErrorAndNotZero() {
    assertThatThrownBy(() -> readDefault("  borderPixels: 20", "  borderPixels:"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tracking.borderPixels");
  }

  @Test
  void wrongTypeIsAnError() {
    assertThatThrownBy(() -> readDefault("  borderPixels: 20", "  borderPixels: 20.5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tracking.borderPixels");
    assertThatThrownBy(() -> readDefault("  borderPixels: 20", "  borderPixels: \"20\""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tracking.borderPixels");
  }

  @Test
  void valueOutOfRangeIsAnErrorInTheRecordsWords() {
    assertThatThrownBy(() -> readDefault("  borderPixels: 20", "  borderPixels: -1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("edited: tracking.borderPixels: -1.0 (expected: >= 0.0)");
  }

  @Test
  void unknownDecodersListTheKnownOnes() {
    assertThatThrownBy(() -> readDefault("decoders: compact", "decoders: nicer"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "edited: grid.decoders: nicer (expected: one of %s)"
                .formatted(String.join(", ", DecoderFamily.names())));
  }

  @Test
  void loopsAreClosedWithKeyframesThatFramesAreAlignedWith() {
    assertThatThrownBy(() -> readDefault("references: 2", "references: 0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "edited: alignment.closeLoops: true with 0 references (expected: false, or a front end)");
  }

  @Test
  void keyGivenTwiceIsAnError() {
    assertThatThrownBy(() -> readDefault("seed: 1", "seed: 1\nseed: 2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("seed");
  }

  @Test
  void whatIsNoMappingIsAnError() {
    assertThatThrownBy(() -> read("- 1")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read("a: [")).isInstanceOf(IllegalArgumentException.class);
  }

  private static SlamConfig readDefault(String line, String replacement) throws IOException {
    try (InputStream yaml = Presets.class.getResourceAsStream("/presets/default.yaml")) {
      String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains(line);
      return read(text.replace(line, replacement));
    }
  }

  private static SlamConfig read(String yaml) throws IOException {
    return Presets.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "edited");
  }
}
