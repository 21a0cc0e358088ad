package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.ColourImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanNetReaderTest {
  private static final String INTRINSIC = "50 0 31 0\n0 52 0 0\n0 0 1 0\n0 0 0 1\n";

  @TempDir Path folder;

  @BeforeEach
  void writeSequence() {
    for (int i : new int[] {0, 2, 10}) {
      ImageFixtures.colour(
          folder.resolve("color/" + i + ".jpg"),
          ImageFixtures.WIDTH,
          ImageFixtures.HEIGHT,
          0x808080);
      ImageFixtures.depth(folder.resolve("depth/" + i + ".png"), 1000);
    }
    ImageFixtures.text(
        folder.resolve("intrinsic/intrinsic_depth.txt"), INTRINSIC.replace("0 52 0", "0 52 23"));
    ImageFixtures.text(folder.resolve("pose/0.txt"), "1 0 0 1.5\n0 1 0 2.5\n0 0 1 3.5\n0 0 0 1\n");
    ImageFixtures.text(
        folder.resolve("pose/2.txt"),
        "-inf -inf -inf -inf\n-inf -inf -inf -inf\n-inf -inf -inf -inf\n-inf -inf -inf -inf\n");
  }

  @Test
  void listsFramesByNumberAtThirtyASecond() throws IOException {
    RgbdDataset dataset = ScanNetReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames()).extracting(RgbdEntry::index).containsExactly(0, 2, 10);
    assertThat(dataset.frames())
        .extracting(RgbdEntry::timestampNanos)
        .containsExactly(0L, 66_666_667L, 333_333_333L);
    assertThat(dataset.camera().fy()).isEqualTo(52);
    assertThat(dataset.camera().cy()).isEqualTo(23);
    assertThat(dataset.depthScale()).isEqualTo(1000);
  }

  @Test
  void takesPosesWhereTheRecordingHasThem() throws IOException {
    RgbdDataset dataset = ScanNetReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.frames().get(0).worldFromCamera().orElseThrow().ty()).isEqualTo(2.5);
    assertThat(dataset.frames().get(1).worldFromCamera()).as("infinities").isEmpty();
    assertThat(dataset.frames().get(2).worldFromCamera()).as("no file").isEmpty();
  }

  @Test
  void resamplesLargerColourImagesToTheDepthImage() throws IOException {
    ImageFixtures.colour(folder.resolve("color/2.jpg"), 130, 97, 0xC00000);
    RgbdDataset dataset = ScanNetReader.read(folder, PartialCalibration.NONE);
    ColourImage image = dataset.frames().get(1).colour().load();
    assertThat(image.getEncoding()).isEqualTo(ColourEncoding.COLOUR_ENCODING_RGB8);
    assertThat(image.getData().size()).isEqualTo(64 * 48 * 3);
    // JPEG keeps a flat colour within a few of 256 steps.
    assertThat(image.getData().byteAt(0) & 0xFF).isBetween(0xB8, 0xC8);
    assertThat(image.getData().byteAt(2) & 0xFF).isLessThan(8);
  }

  @Test
  void saysWhichFileIsMissingOrWrong() throws IOException {
    ImageFixtures.text(folder.resolve("pose/0.txt"), "1 0 0 1\n");
    assertThatThrownBy(() -> ScanNetReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("0.txt: 4 numbers (expected: 16)");
    Files.delete(folder.resolve("pose/0.txt"));
    Files.delete(folder.resolve("color/2.jpg"));
    assertThatThrownBy(() -> ScanNetReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("has depth/2.png and no color/2.jpg");
    Files.delete(folder.resolve("intrinsic/intrinsic_depth.txt"));
    assertThatThrownBy(() -> ScanNetReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("intrinsic/intrinsic_depth.txt, or the options --fx --fy --cx --cy)");
    assertThatThrownBy(() -> ScanNetReader.read(folder.resolve("color"), PartialCalibration.NONE))
        .hasMessageContaining("has no color (expected in ScanNet layout)");
  }
}
