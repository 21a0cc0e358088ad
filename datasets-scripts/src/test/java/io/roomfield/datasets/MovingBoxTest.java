package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MovingBoxTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 50, 50, 32, 24);
  private static final int CENTRE = 24 * 64 + 32;
  private static final long SECOND = 1_000_000_000;

  /** Faces along the camera's axes, its centre 2 m ahead of the world's origin. */
  private final MovingBox box =
      new MovingBox(
          CAMERA, new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 2), new double[] {1, 0, 0}, 5 * SECOND);

  private final byte[] rgb = new byte[3 * CAMERA.width() * CAMERA.height()];
  private final float[] depth = new float[CAMERA.width() * CAMERA.height()];

  @Test
  void itsFaceHasTheDepthAndSizeOfA40CmCube() {
    Arrays.fill(depth, 4);
    box.apply(frame(SE3.IDENTITY, 5 * SECOND), rgb, depth);
    int covered = 0;
    for (int pixel = 0; pixel < depth.length; pixel++) {
      boolean on = depth[pixel] < 4;
      covered += on ? 1 : 0;
      assertThat(rgb[3 * pixel] != 0).as("colour where there is depth").isEqualTo(on);
      if (on) {
        // The front face is a plane at 2 m - 0.2 m; float32 of it.
        assertThat(depth[pixel]).isCloseTo(1.8f, within(1e-6f));
      }
    }
    // 0.2 m at 1.8 m and 50 pixels is 5.6 pixels: five to either side of the middle one.
    assertThat(covered).isEqualTo(11 * 11);
  }

  @Test
  void whatIsNearerHidesItAndMissingReadingsDoNot() {
    Arrays.fill(depth, 1.5f);
    depth[CENTRE] = 0;
    box.apply(frame(SE3.IDENTITY, 5 * SECOND), rgb, depth);
    for (int pixel = 0; pixel < depth.length; pixel++) {
      assertThat(depth[pixel]).isCloseTo(pixel == CENTRE ? 1.8f : 1.5f, within(1e-6f));
    }
  }

  @Test
  void itMovesInTheWorldWhereverTheCameraIs() {
    // After two seconds it is 1 m to the right; so is this camera, which sees it as at the start.
    SE3 right = new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0);
    float[] atStart = new float[depth.length];
    box.apply(frame(SE3.IDENTITY, 5 * SECOND), rgb, atStart);
    box.apply(frame(right, 7 * SECOND), rgb, depth);
    for (int pixel = 0; pixel < depth.length; pixel++) {
      assertThat(depth[pixel]).isCloseTo(atStart[pixel], within(1e-6f));
    }
  }

  @Test
  void behindTheCameraNothingIsDrawn() {
    SE3 turned = SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0);
    box.apply(frame(turned, 5 * SECOND), rgb, depth);
    assertThat(depth).containsOnly(0);
  }

  @Test
  void itKeepsItsDistanceFromANearWall() {
    Arrays.fill(depth, 1);
    MovingBox crossing = MovingBox.crossing(CAMERA, SE3.IDENTITY, 0, depth, true);
    assertThat(crossing.worldFromBox().tz()).isEqualTo(0.8);
    assertThat(crossing.direction()).containsExactly(1, 0, 0);
    assertThat(MovingBox.crossing(CAMERA, SE3.IDENTITY, 0, depth, false).direction()[0])
        .isEqualTo(-1);
  }

  private static RgbdEntry frame(SE3 worldFromCamera, long timestampNanos) {
    return new RgbdEntry(
        0,
        timestampNanos,
        ColourImage::getDefaultInstance,
        DepthImage::getDefaultInstance,
        Optional.of(worldFromCamera));
  }
}
