package io.roomfield.slam.relocalisation;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class OrbExtractorTest {
  private static final PinholeCamera CAMERA = SmallFrames.CAMERA;
  private static final float DEPTH_METRES = 2;

  private final OrbExtractor extractor = new OrbExtractor(CAMERA);

  @Test
  void featuresAreSpreadEvenWhereTextureIsNot() {
    OrbFeatures features = extractor.extract(halfFaint(CAMERA));
    assertThat(features.count()).isEqualTo(1000);
    // Contrast is 4 times stronger on the left; ordered by strength alone, all would be there.
    assertThat(IntStream.range(0, 1000).filter(i -> features.pixels()[2 * i] > 160).count())
        .isBetween(300L, 700L);
    assertThat(IntStream.range(0, 100).filter(i -> features.pixels()[2 * i] > 160).count())
        .as("of the first hundred")
        .isBetween(30L, 70L);
  }

  @Test
  void pointsLieOnTheRaysWhereTheSensorHasDepth() {
    RgbdFrame frame = halfFaint(CAMERA);
    int readings = frame.depthMetres().length / 2;
    Arrays.fill(frame.depthMetres(), 0, readings, 0);
    OrbFeatures features = extractor.extract(frame);
    for (int i = 0; i < features.count(); i++) {
      float x = features.pixels()[2 * i];
      float y = features.pixels()[2 * i + 1];
      assertThat(features.hasPoint(i)).isEqualTo(Math.round(y) >= CAMERA.height() / 2);
      if (features.hasPoint(i)) {
        double rayX = (x - CAMERA.cx()) / CAMERA.fx() * DEPTH_METRES;
        double rayY = (y - CAMERA.cy()) / CAMERA.fy() * DEPTH_METRES;
        assertThat(Arrays.copyOfRange(features.points(), 3 * i, 3 * i + 3))
            .containsExactly((float) rayX, (float) rayY, DEPTH_METRES);
      } else {
        assertThat(features.points()[3 * i]).isNaN();
      }
    }
  }

  @Test
  void repeatsExactly() {
    RgbdFrame frame = SmallFrames.room(1, lookingAtTheTable());
    OrbFeatures first = extractor.extract(frame);
    OrbFeatures again = extractor.extract(frame);
    assertThat(again.pixels()).containsExactly(first.pixels());
    assertThat(again.descriptors()).containsExactly(first.descriptors());
  }

  @Test
  void anImageWithoutCornersHasNoFeatures() {
    int pixels = CAMERA.width() * CAMERA.height();
    RgbdFrame grey = SmallFrames.frame(CAMERA, new float[pixels], new byte[3 * pixels]);
    assertThat(extractor.extract(grey).count()).isZero();
  }

  @Test
  void theSmallestImageIsAccepted() {
    int edge = PinholeCamera.MIN_EDGE;
    PinholeCamera smallest = new PinholeCamera(edge, edge, edge, edge, edge / 2.0, edge / 2.0);
    assertThat(new OrbExtractor(smallest).extract(halfFaint(smallest)).count()).isZero();
  }

  @Test
  void nativeMemoryIsReleased() {
    PinholeCamera tiny = CAMERA.scaledTo(160, 120);
    RgbdFrame frame = halfFaint(tiny);
    OrbExtractor extractorOfTiny = new OrbExtractor(tiny);
    extractorOfTiny.extract(frame);
    long before = Pointer.totalCount();
    for (int call = 0; call < 1000; call++) {
      extractorOfTiny.extract(frame);
    }
    // Native objects that wait for a collector; others of the process may be collected meanwhile.
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static SE3 lookingAtTheTable() {
    return SE3.lookAt(
        new double[] {1.8, 1.2, 1.5}, new double[] {0, 0, 0.6}, new double[] {0, 0, 1});
  }

  /** Blocks of random grey, faint in the right half, 2 m away. */
  private static RgbdFrame halfFaint(PinholeCamera camera) {
    int block = 5;
    SplittableRandom random = new SplittableRandom(3);
    int blocks = Math.ceilDiv(camera.width(), block);
    int[] greys = new int[blocks * Math.ceilDiv(camera.height(), block)];
    Arrays.setAll(greys, i -> random.nextInt(-96, 97));
    byte[] rgb = new byte[3 * camera.width() * camera.height()];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % camera.width();
      int y = i / 3 / camera.width();
      int contrast = greys[y / block * blocks + x / block];
      rgb[i] = (byte) (128 + (x < camera.width() / 2 ? contrast : contrast / 4));
    }
    float[] depth = new float[rgb.length / 3];
    Arrays.fill(depth, DEPTH_METRES);
    return SmallFrames.frame(camera, depth, rgb);
  }
}
