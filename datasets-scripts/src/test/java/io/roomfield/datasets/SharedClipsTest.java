package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.roomfield.geometry.PinholeCamera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The readers on real recordings, where they are. */
class SharedClipsTest {
  @Test
  void tumNoTexture() throws IOException {
    RgbdDataset clip =
        TumReader.read(clip("tum-fr3-structure-notexture-a"), PartialCalibration.NONE);
    check(clip, 125, new PinholeCamera(640, 480, 535.4, 539.2, 320.1, 247.6), 5000);
    assertThat(clip.frames().getFirst().worldFromCamera())
        .as("the motion capture starts after the first image")
        .isEmpty();
    assertThat(clip.frames().stream().filter(f -> f.worldFromCamera().isPresent())).hasSize(124);
  }

  @Test
  void tumOffice() throws IOException {
    RgbdDataset clip = TumReader.read(clip("tum-icl-office-kt3"), PartialCalibration.NONE);
    check(clip, 100, new PinholeCamera(640, 480, 481.2, 480.0, 319.5, 239.5), 5000);
    assertThat(clip.frames()).allMatch(frame -> frame.worldFromCamera().isPresent());
  }

  @Test
  void scanNetOffice() throws IOException {
    RgbdDataset clip = ScanNetReader.read(clip("scannet-office-a"), PartialCalibration.NONE);
    check(clip, 500, new PinholeCamera(640, 480, 523, 523, 322.2, 239.1), 1000);
    assertThat(clip.frames()).allMatch(frame -> frame.worldFromCamera().isPresent());
  }

  @Test
  void replicaLiving() throws IOException {
    RgbdDataset clip = ReplicaReader.read(clip("replica-house-living"), PartialCalibration.NONE);
    check(clip, 800, new PinholeCamera(640, 480, 525, 525, 319.5, 239.5), 1000);
    assertThat(clip.groundTruthMesh().orElseThrow().load().faceCount()).isEqualTo(183_881);
  }

  private static void check(RgbdDataset clip, int frames, PinholeCamera camera, double depthScale)
      throws IOException {
    assertThat(clip.frames()).hasSize(frames);
    assertThat(clip.camera()).isEqualTo(camera);
    assertThat(clip.depthScale()).isEqualTo(depthScale);
    RgbdEntry last = clip.frames().getLast();
    float[] metres = DepthImages.metres(last.depth().load(), camera, depthScale);
    double largest = 0;
    for (float value : metres) {
      largest = Math.max(largest, value);
    }
    assertThat(largest).as("a room's depth in metres").isBetween(0.5, 13.2);
    assertThat(ColourImages.rgb(last.colour().load(), 640, 480)).hasSize(640 * 480 * 3);
  }

  private static Path clip(String name) {
    String given = System.getenv("ROOMFIELD_DATA");
    Path data =
        given != null
            ? Path.of(given)
            : Path.of(System.getProperty("roomfield.root", ".."), "..", "shared", "data");
    Path folder = data.resolve(name);
    assumeTrue(
        Files.isDirectory(folder),
        () -> "shared clip %s not found in %s (set ROOMFIELD_DATA)".formatted(name, data));
    return folder;
  }
}
