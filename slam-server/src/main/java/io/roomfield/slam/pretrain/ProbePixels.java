package io.roomfield.slam.pretrain;

import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random pixels with a reading, at which maps are measured.
 *
 * @param rays with every reading of the sensor
 * @param supported per ray, whether neighbours support the reading, so that the engine believes it
 * @param exact per ray, the exact depth in metres; null where nobody knows it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ProbePixels(RayBatch rays, boolean[] supported, float[] exact) {
  /**
   * Draws views and pixels uniformly among all pixels with a reading.
   *
   * @throws IllegalArgumentException if no view has a reading
   */
  static ProbePixels draw(List<View> views, int count, SplittableRandom random) {
    if (views.stream().allMatch(view -> view.pixels().maxDepthMetres() == 0)) {
      throw new IllegalArgumentException(
          "%d views: none has a depth reading (expected: at least one)".formatted(views.size()));
    }
    RayBatch rays = new RayBatch(count);
    View.aim(rays, views);
    boolean[] supported = new boolean[count];
    boolean known = views.stream().allMatch(view -> view.exactMetres() != null);
    float[] exact = known ? new float[count] : null;
    while (rays.count < count) {
      int number = random.nextInt(views.size());
      View view = views.get(number);
      int x = random.nextInt(view.camera().width());
      int y = random.nextInt(view.camera().height());
      int pixel = y * view.camera().width() + x;
      if (view.sensed().depthMetres()[pixel] > 0) {
        supported[rays.count] = view.pixels().depthMetres()[pixel] > 0;
        if (known) {
          exact[rays.count] = view.exactMetres()[pixel];
        }
        new PixelSampler(view.camera(), 0).append(view.sensed(), x, y, number, rays);
      }
    }
    return new ProbePixels(rays, supported, exact);
  }

  /** Marks every ray. */
  boolean[] all() {
    boolean[] all = new boolean[supported.length];
    Arrays.fill(all, true);
    return all;
  }
}
