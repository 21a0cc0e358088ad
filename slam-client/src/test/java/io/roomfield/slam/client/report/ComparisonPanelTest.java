package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonPanelTest {
  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;

  @Test
  void panelsShowColourDepthAndTheirDifferences() {
    BufferedImage panel = ComparisonPanel.draw(view(2, 2.05f, 255, 0), 4);
    // cells are 400 x 300 with a gap of 12 and a label of 24: their centres
    assertThat(rgb(panel, 212, 186)).isEqualTo(0xffffff);
    assertThat(rgb(panel, 624, 186)).isEqualTo(0);
    assertThat(rgb(panel, 1036, 186)).isEqualTo(ColourMap.TURBO.rgb(1)); // beyond the scale's end
    assertThat(rgb(panel, 212, 522)).isEqualTo(ColourMap.TURBO.rgb(0.5));
    assertThat(rgb(panel, 624, 522)).isEqualTo(ColourMap.TURBO.rgb(2.05f / 4.0));
    assertThat(rgb(panel, 1036, 522)).isEqualTo(0xff8080); // 5 of 10 cm too far
  }

  @Test
  void missingReadingsAreBlackAndHaveNoDifference() {
    BufferedImage panel = ComparisonPanel.draw(view(0, 2, 0, 0), 4);
    assertThat(rgb(panel, 212, 522)).isEqualTo(0x202020);
    assertThat(rgb(panel, 1036, 522)).isEqualTo(0x202020);
  }

  @Test
  void depthRangeCoversAllViews() {
    assertThat(ComparisonPanel.depthRangeMetres(List.of(view(2, 9, 0, 0), view(3.2f, 9, 0, 0))))
        .isEqualTo(3.5);
    assertThat(ComparisonPanel.depthRangeMetres(List.of(view(0, 9, 0, 0)))).isEqualTo(0.5);
  }

  @Test
  void imagesMustHaveTheDeclaredSize() {
    assertThatThrownBy(
            () ->
                new ViewComparison(
                    "frame 3", 4, 3, new float[12], new float[11], new byte[36], new byte[36]))
        .hasMessage("frame 3: rendered depth has 11 values (expected: 12)");
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  private static ViewComparison view(float sensor, float rendered, int sensorGrey, int grey) {
    float[] sensorDepth = new float[WIDTH * HEIGHT];
    float[] renderedDepth = new float[WIDTH * HEIGHT];
    byte[] sensorRgb = new byte[3 * WIDTH * HEIGHT];
    byte[] renderedRgb = new byte[3 * WIDTH * HEIGHT];
    Arrays.fill(sensorDepth, sensor);
    Arrays.fill(renderedDepth, rendered);
    Arrays.fill(sensorRgb, (byte) sensorGrey);
    Arrays.fill(renderedRgb, (byte) grey);
    return new ViewComparison(
        "frame 0", WIDTH, HEIGHT, sensorDepth, renderedDepth, sensorRgb, renderedRgb);
  }
}
