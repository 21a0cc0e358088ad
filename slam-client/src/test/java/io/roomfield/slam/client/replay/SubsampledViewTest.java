package io.roomfield.slam.client.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import org.junit.jupiter.api.Test;

class SubsampledViewTest {
  private static final PinholeCamera VGA = new PinholeCamera(640, 480, 525, 520, 319.5, 239.5);

  @Test
  void aPixelOfTheViewHasTheRayOfItsFullPixel() {
    SubsampledView view = SubsampledView.of(VGA, 5);
    PinholeCamera camera = view.camera();
    assertThat(camera.width()).isEqualTo(128);
    assertThat(camera.height()).isEqualTo(96);
    for (int x : new int[] {0, 17, 127}) {
      double full = (5 * x + 2 - VGA.cx()) / VGA.fx();
      assertThat((x - camera.cx()) / camera.fx()).isCloseTo(full, within(1e-12));
    }
  }

  @Test
  void takesThoseFullPixels() {
    float[] depth = new float[640 * 480];
    byte[] rgb = new byte[3 * depth.length];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i;
      rgb[3 * i + 1] = (byte) i;
    }
    SubsampledView view = SubsampledView.of(VGA, 5);
    int full = (5 * 7 + 2) * 640 + 5 * 11 + 2;
    assertThat(view.sample(depth)[7 * 128 + 11]).isEqualTo(full);
    assertThat(view.sampleRgb(rgb)[3 * (7 * 128 + 11) + 1]).isEqualTo((byte) full);
  }

  @Test
  void takesMorePixelsOfSmallImages() {
    PinholeCamera small = new PinholeCamera(64, 48, 50, 50, 31.5, 23.5);
    assertThat(SubsampledView.of(small, 5).camera().height()).isEqualTo(16);
    PinholeCamera smallest = new PinholeCamera(16, 16, 50, 50, 7.5, 7.5);
    assertThat(SubsampledView.of(smallest, 5).camera()).isEqualTo(smallest);
  }
}
