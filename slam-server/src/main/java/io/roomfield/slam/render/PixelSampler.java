package io.roomfield.slam.render;

import io.roomfield.geometry.PinholeCamera;
import java.util.SplittableRandom;

/** Draws random pixels of frames as rays (NICE-SLAM, section 3.3: "uniformly sample M pixels"). */
public final class PixelSampler {
  /** Where readings are asked for but rare, a draw gives up after so many tries a pixel. */
  private static final int MAX_TRIES = 32;

  /** A depth edge is where the depth that far away, 1 % of the image's width, */
  private static final int EDGE_REACHES_PER_WIDTH = 100;

  /** differs by more than this share: most of what rendered depth is wrong by is there. */
  private static final float EDGE_STEP = 0.08f;

  private static final float BYTE_MAX = 255f;

  /** Which pixels may be drawn. */
  public enum Among {
    /** Any pixel. */
    ALL,
    /** Pixels with a reading; any pixel where {@value #MAX_TRIES} tries found none. */
    WITH_READING,
    /** Pixels with a reading beside much nearer or farther ones; any pixel likewise. */
    DEPTH_EDGE
  }

  private final PinholeCamera camera;
  private final int border;

  /**
   * @param border pixels along the image's edges that are never drawn
   * @throws IllegalArgumentException if the border leaves no pixel
   */
  public PixelSampler(PinholeCamera camera, int border) {
    if (2 * border >= Math.min(camera.width(), camera.height())) {
      throw new IllegalArgumentException(
          "border: %d pixels (expected: less than half of %dx%d)"
              .formatted(border, camera.width(), camera.height()));
    }
    this.camera = camera;
    this.border = border;
  }

  /** Appends {@code count} random pixels of a frame whose pose is {@code rays.poses[pose]}. */
  public void draw(
      FramePixels frame, Among among, int count, int pose, SplittableRandom random, RayBatch rays) {
    for (int k = 0; k < count; k++) {
      int x = 0;
      int y = 0;
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        x = random.nextInt(border, camera.width() - border);
        y = random.nextInt(border, camera.height() - border);
        if (isAmong(among, frame, x, y)) {
          break;
        }
      }
      append(frame, x, y, pose, rays);
    }
  }

  private boolean isAmong(Among among, FramePixels frame, int x, int y) {
    return switch (among) {
      case ALL -> true;
      case WITH_READING -> frame.depthMetres()[y * camera.width() + x] > 0;
      case DEPTH_EDGE -> isDepthEdge(frame.depthMetres(), x, y);
    };
  }

  private boolean isDepthEdge(float[] depth, int x, int y) {
    float here = depth[y * camera.width() + x];
    int reach = Math.max(1, camera.width() / EDGE_REACHES_PER_WIDTH);
    for (int v = Math.max(y - reach, 0);
        v <= Math.min(y + reach, camera.height() - 1);
        v += reach) {
      for (int u = Math.max(x - reach, 0);
          u <= Math.min(x + reach, camera.width() - 1);
          u += reach) {
        float there = depth[v * camera.width() + u];
        if (here > 0 && there > 0 && Math.abs(there - here) > EDGE_STEP * here) {
          return true;
        }
      }
    }
    return false;
  }

  /** Appends one pixel. */
  public void append(FramePixels frame, int x, int y, int pose, RayBatch rays) {
    int pixel = y * camera.width() + x;
    int ray = rays.append(camera, x, y, frame.depthMetres()[pixel], pose);
    for (int k = 0; k < 3; k++) {
      rays.colour[3 * ray + k] = (frame.rgb()[3 * pixel + k] & 0xFF) / BYTE_MAX;
    }
  }
}
