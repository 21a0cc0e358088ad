package io.roomfield.slam.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticMaps;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ViewRendererTest {
  // More pixels than a batch, and no multiple of it.
  private static final PinholeCamera CAMERA = new PinholeCamera(61, 47, 60, 60, 30, 23);
  private static final SE3 POSE =
      SE3.lookAt(new double[] {0.2, 0.1, -1.5}, new double[] {0, 0, 0}, new double[] {0, 1, 0});
  private static final double RADIUS = 0.5;
  private static final float FAR = 4f;

  private final ViewRenderer renderer =
      new ViewRenderer(new AnalyticBackend(Distance.sphere(0, 0, 0, RADIUS)));

  @Test
  void aSphereHasItsDepthAndColour() {
    RenderedImage image = renderer.render(AnalyticMaps.aroundOrigin(), CAMERA, POSE, FAR);
    assertThat(image.width()).isEqualTo(61);
    assertThat(image.height()).isEqualTo(47);
    int hits = 0;
    for (int pixel = 0; pixel < 61 * 47; pixel++) {
      double dx = (pixel % 61 - 30) / 60.0;
      double dy = (pixel / 61 - 23) / 60.0;
      double[] hit = firstHit(dx, dy);
      if (hit == null) {
        continue;
      }
      hits++;
      // The root of a distance, which is all but linear over the last step, in float32.
      assertThat((double) image.depthMetres()[pixel]).isCloseTo(hit[3], within(1e-4));
      for (int channel = 0; channel < 3; channel++) {
        double expected = 255 * AnalyticBackend.colour(hit[channel]);
        // Rounded to a byte.
        assertThat((double) (image.rgb()[3 * pixel + channel] & 0xff))
            .isCloseTo(expected, within(0.6));
      }
    }
    assertThat(hits).isGreaterThan(500);
  }

  @Test
  void aRayThatHitsNothingHasDepthZeroAndIsBlack() {
    RenderedImage image = renderer.render(AnalyticMaps.aroundOrigin(), CAMERA, POSE, FAR);
    assertThat(image.depthMetres()[0]).isZero();
    assertThat(image.rgb()[0]).isZero();
    assertThat(image.depthMetres()[61 * 47 - 1]).isZero();
    RenderedImage tooNear = renderer.render(AnalyticMaps.aroundOrigin(), CAMERA, POSE, 0.5f);
    assertThat(tooNear.depthMetres()).containsOnly(0f);
  }

  @Test
  void whatCannotBeRenderedIsRefused() {
    assertThatThrownBy(() -> renderer.render(AnalyticMaps.aroundOrigin(), CAMERA, POSE, 0))
        .hasMessage("farMetres: 0.0 (expected: > 0 m)");
    assertThatThrownBy(() -> renderer.render(AnalyticMaps.empty(), CAMERA, POSE, FAR))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("map version 1: no blocks");
  }

  @Test
  void anInterruptedThreadIsCancelled() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> renderer.render(AnalyticMaps.aroundOrigin(), CAMERA, POSE, FAR))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /**
   * Where a pixel's ray hits the sphere, and its depth, {@code {x, y, z, depth}}; null where it
   * misses or grazes it (closer to its rim than 1 % of its area: a soft edge).
   */
  private static double[] firstHit(double dx, double dy) {
    double[] d = POSE.rotate(dx, dy, 1);
    double a = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    double b = d[0] * POSE.tx() + d[1] * POSE.ty() + d[2] * POSE.tz();
    double c =
        POSE.tx() * POSE.tx() + POSE.ty() * POSE.ty() + POSE.tz() * POSE.tz() - RADIUS * RADIUS;
    double discriminant = b * b - a * c;
    if (discriminant < 0.1 * a * RADIUS * RADIUS) {
      return null;
    }
    double z = (-b - Math.sqrt(discriminant)) / a;
    double[] p = POSE.apply(dx * z, dy * z, z);
    return new double[] {p[0], p[1], p[2], z};
  }
}
