package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.v1.ColourEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TumReaderTest {
  @TempDir Path folder;

  @BeforeEach
  void writeSequence() {
    for (String time : new String[] {"10.000000", "10.033000", "10.066000", "10.100000"}) {
      ImageFixtures.colour(
          folder.resolve("rgb/" + time + ".jpg"),
          ImageFixtures.WIDTH,
          ImageFixtures.HEIGHT,
          0x808080);
    }
    for (String time : new String[] {"10.001000", "10.034000", "10.050000", "10.190000"}) {
      ImageFixtures.depth(folder.resolve("depth/" + time + ".png"), 5000);
    }
    ImageFixtures.text(
        folder.resolve("rgb.txt"),
        """
        # timestamp filename
        10.000000 rgb/10.000000.jpg
        10.033000 rgb/10.033000.jpg
        10.066000 rgb/10.066000.jpg
        10.100000 rgb/10.100000.jpg
        """);
    ImageFixtures.text(
        folder.resolve("depth.txt"),
        """
        10.001000 depth/10.001000.png
        10.034000 depth/10.034000.png
        10.050000 depth/10.050000.png
        10.190000 depth/10.190000.png
        """);
    ImageFixtures.text(
        folder.resolve("intrinsics.txt"),
        "# fx fy cx cy depth_scale width height\n50 51 31.5 23.5 5000 64 48\n");
    ImageFixtures.text(
        folder.resolve("groundtruth.txt"),
        """
        # timestamp tx ty tz qx qy qz qw
        10.030 1 0 0 0 0 0 1
        10.040 2 0 0 0 0 0.7071068 0.7071068
        10.066 3 0 0 0 0 0 1
        """);
  }

  @Test
  void pairsImagesWithinTwentyMillisecondsNearestFirst() throws IOException {
    RgbdDataset dataset = TumReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames())
        .extracting(RgbdEntry::timestampNanos)
        .containsExactly(10_000_000_000L, 10_033_000_000L, 10_066_000_000L);
    assertThat(dataset.camera()).isEqualTo(new PinholeCamera(64, 48, 50, 51, 31.5, 23.5));
    assertThat(dataset.depthScale()).isEqualTo(5000);
    assertThat(dataset.frames().getFirst().colour().load().getEncoding())
        .isEqualTo(ColourEncoding.COLOUR_ENCODING_JPEG);
  }

  @Test
  void interpolatesGroundTruthAtTheTimeOfTheColourImage() throws IOException {
    RgbdDataset dataset = TumReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames().get(0).worldFromCamera()).isEmpty();
    var pose = dataset.frames().get(1).worldFromCamera().orElseThrow();
    // 10.033 is three tenths of the way from 10.030 to 10.040; rounding of the quaternion in the
    // file leaves 1e-7.
    assertThat(pose.tx()).isCloseTo(1.3, within(1e-6));
    assertThat(pose.rotationVector()[2]).isCloseTo(0.3 * Math.PI / 2, within(1e-6));
    assertThat(dataset.frames().get(2).worldFromCamera().orElseThrow().tx()).isEqualTo(3);
  }

  @Test
  void leavesGroundTruthOutAcrossALongGap() throws IOException {
    ImageFixtures.text(
        folder.resolve("groundtruth.txt"), "9.9 0 0 0 0 0 0 1\n10.1 1 0 0 0 0 0 1\n");
    RgbdDataset dataset = TumReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames()).allMatch(frame -> frame.worldFromCamera().isEmpty());
  }

  @Test
  void takesAssociationsInEitherOrder() throws IOException {
    ImageFixtures.text(
        folder.resolve("associations.txt"),
        """
        10.000000 rgb/10.000000.jpg 10.001000 depth/10.001000.png
        10.034000 depth/10.034000.png 10.033000 rgb/10.033000.jpg
        """);
    RgbdDataset dataset = TumReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames())
        .extracting(RgbdEntry::timestampNanos)
        .containsExactly(10_000_000_000L, 10_033_000_000L);
    float[] metres =
        DepthImages.metres(
            dataset.frames().get(1).depth().load(), dataset.camera(), dataset.depthScale());
    assertThat(metres[3]).isEqualTo(5003 / 5000f);
  }

  @Test
  void refusesToGuessIntrinsics() throws IOException {
    Files.delete(folder.resolve("intrinsics.txt"));
    assertThatThrownBy(() -> TumReader.read(folder, PartialCalibration.NONE))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("camera not known")
        .hasMessageContaining("intrinsics.txt, or the options --fx --fy --cx --cy --depth-scale");
    PartialCalibration options = new PartialCalibration(60.0, 60.0, 32.0, 24.0, 1000.0);
    assertThat(TumReader.read(folder, options).camera().fx()).isEqualTo(60);
  }

  @Test
  void optionsWinOverTheFolder() throws IOException {
    PartialCalibration options = new PartialCalibration(null, null, null, null, 1000.0);
    RgbdDataset dataset = TumReader.read(folder, options);
    assertThat(dataset.depthScale()).isEqualTo(1000);
    assertThat(dataset.camera().fx()).isEqualTo(50);
  }

  @Test
  void saysWhichFileIsMissingOrWrong() throws IOException {
    assertThatThrownBy(() -> TumReader.read(folder.resolve("nowhere"), PartialCalibration.NONE))
        .hasMessageContaining("no such folder (expected: a sequence in TUM layout)");
    ImageFixtures.text(folder.resolve("intrinsics.txt"), "50 51 31.5 23.5 5000 640 480");
    assertThatThrownBy(() -> TumReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("is for 640x480 pixels (expected: 64x48");
    ImageFixtures.text(folder.resolve("rgb.txt"), "10.0 rgb/a.jpg extra\n");
    assertThatThrownBy(() -> TumReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("rgb.txt: '10.0 rgb/a.jpg extra' (expected: timestamp FILE)");
    Files.delete(folder.resolve("rgb.txt"));
    assertThatThrownBy(() -> TumReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("has neither associations.txt nor rgb.txt (expected in TUM layout)");
  }
}
