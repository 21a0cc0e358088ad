package io.roomfield.slam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.render.PixelSampler.Among;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PixelSamplerTest {
  private static final int WIDTH = 20;
  private static final int HEIGHT = 16;
  private static final PinholeCamera CAMERA = new PinholeCamera(WIDTH, HEIGHT, 25, 30, 9, 8);
  private static final int RAYS = 2000;

  private final RayBatch rays = new RayBatch(RAYS);

  @Test
  void aRayIsItsPixel() {
    FramePixels frame = frame(1);
    new PixelSampler(CAMERA, 0).append(frame, 14, 2, 3, rays);
    int pixel = 2 * WIDTH + 14;
    assertThat(rays.count).isEqualTo(1);
    assertThat(rays.directionX[0]).isEqualTo(5 / 25f);
    assertThat(rays.directionY[0]).isEqualTo(-6 / 30f);
    assertThat(rays.depth[0]).isEqualTo(frame.depthMetres()[pixel]);
    assertThat(rays.pose[0]).isEqualTo(3);
    for (int channel = 0; channel < 3; channel++) {
      int value = Byte.toUnsignedInt(frame.rgb()[3 * pixel + channel]);
      assertThat(rays.colour[channel]).isEqualTo(value / 255f);
    }
  }

  @Test
  void drawsEveryPixelInsideTheBorderAndNoOther() {
    int border = 5;
    FramePixels frame = frame(1);
    new PixelSampler(CAMERA, border).draw(frame, Among.ALL, RAYS, 0, new SplittableRandom(1), rays);
    Set<Integer> drawn = drawnPixels();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        boolean inside = x >= border && y >= border && x < WIDTH - border && y < HEIGHT - border;
        // 2000 draws of 60 pixels: one is missed once in 1e13.
        assertThat(drawn.contains(y * WIDTH + x)).as("pixel %d, %d", x, y).isEqualTo(inside);
      }
    }
  }

  @Test
  void drawsReadingsOnlyWhereAskedTo() {
    FramePixels holes = frame(2);
    PixelSampler sampler = new PixelSampler(CAMERA, 0);
    sampler.draw(holes, Among.WITH_READING, RAYS, 0, new SplittableRandom(2), rays);
    // Half of the pixels have one: 32 tries miss them all once in 4e9.
    assertThat(rays.depth).doesNotContain(0f);
    rays.count = 0;
    sampler.draw(holes, Among.ALL, RAYS, 0, new SplittableRandom(2), rays);
    assertThat(rays.depth).contains(0f);
  }

  @Test
  void drawsAtDepthEdgesWhereAskedTo() {
    float[] depth = new float[WIDTH * HEIGHT];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i % WIDTH < 12 ? 2f : 2.2f; // a step of 10 % between columns 11 and 12
    }
    FramePixels step = FramePixels.of(depth, new byte[3 * depth.length]);
    // Of 20 columns two are beside the step: 32 tries miss them all 3 times in 100.
    new PixelSampler(CAMERA, 0)
        .draw(step, Among.DEPTH_EDGE, RAYS, 0, new SplittableRandom(6), rays);
    int beside = 0;
    for (float directionX : rays.directionX) {
      long column = Math.round(directionX * CAMERA.fx() + CAMERA.cx());
      beside += column == 11 || column == 12 ? 1 : 0;
    }
    assertThat((double) beside / RAYS).isBetween(0.94, 0.99);
  }

  @Test
  void drawsAnythingWhereThereIsNoReading() {
    FramePixels blind = FramePixels.of(new float[WIDTH * HEIGHT], new byte[3 * WIDTH * HEIGHT]);
    new PixelSampler(CAMERA, 0)
        .draw(blind, Among.WITH_READING, 10, 0, new SplittableRandom(3), rays);
    assertThat(rays.count).isEqualTo(10);
    assertThat(blind.maxDepthMetres()).isZero();
  }

  @Test
  void appendsToWhatIsThere() {
    PixelSampler sampler = new PixelSampler(CAMERA, 0);
    SplittableRandom random = new SplittableRandom(4);
    sampler.draw(frame(1), Among.ALL, 3, 0, random, rays);
    float first = rays.depth[0];
    sampler.draw(frame(1), Among.ALL, 4, 1, random, rays);
    assertThat(rays.count).isEqualTo(7);
    assertThat(rays.depth[0]).isEqualTo(first);
    assertThat(rays.pose).startsWith(0, 0, 0, 1, 1, 1, 1, 0);
  }

  @Test
  void theSameSeedDrawsTheSamePixels() {
    PixelSampler sampler = new PixelSampler(CAMERA, 1);
    RayBatch again = new RayBatch(RAYS);
    sampler.draw(frame(1), Among.ALL, RAYS, 0, new SplittableRandom(5), rays);
    sampler.draw(frame(1), Among.ALL, RAYS, 0, new SplittableRandom(5), again);
    assertThat(again.depth).isEqualTo(rays.depth);
  }

  @Test
  void aBorderThatLeavesNothing() {
    assertThatThrownBy(() -> new PixelSampler(CAMERA, HEIGHT / 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("border: 8 pixels (expected: less than half of 20x16)");
  }

  /** Every {@code step}th pixel has a reading: its number, from 1. */
  private static FramePixels frame(int step) {
    float[] depth = new float[WIDTH * HEIGHT];
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < depth.length; i += step) {
      depth[i] = 1 + i;
    }
    new SplittableRandom(6).nextBytes(rgb);
    return FramePixels.of(depth, rgb);
  }

  private Set<Integer> drawnPixels() {
    Set<Integer> drawn = new HashSet<>();
    for (int ray = 0; ray < rays.count; ray++) {
      drawn.add((int) rays.depth[ray] - 1);
    }
    return drawn;
  }
}
