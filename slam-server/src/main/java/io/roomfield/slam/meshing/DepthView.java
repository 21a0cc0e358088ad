package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import java.util.Arrays;

/**
 * What one keyframe's depth image says of space: a point is in front of what the sensor saw, near
 * it, or not seen. Tiles of the image with their smallest and largest reading answer for whole
 * spheres.
 */
final class DepthView {
  private static final int TILE_SHIFT = 4;

  /** A sphere closer to the image plane than this, in metres, is not projected. */
  private static final double MIN_Z = 0.01;

  /** What a view may say of the points of a sphere. */
  enum Verdict {
    /** No point of it is seen. */
    UNSEEN,
    /** Every point of it that is seen is in front of the surface. */
    IN_FRONT,
    /** Points of it may be near the surface. */
    MAYBE_NEAR
  }

  private final PinholeCamera camera;
  private final SE3 worldFromCamera;
  private final SE3 cameraFromWorld;
  private final float[] depthMetres;
  private final float marginMetres;
  private final int tilesX;
  private final float[] tileMin;
  private final float[] tileMax;

  /**
   * @param marginMetres how far from the sensor's depth a point counts as near the surface
   * @throws IllegalArgumentException if the image's size is not the camera's
   */
  DepthView(PinholeCamera camera, Keyframe keyframe, float marginMetres) {
    RgbdFrame frame = keyframe.frame();
    if (frame.width() != camera.width() || frame.height() != camera.height()) {
      throw new IllegalArgumentException(
          "keyframe %d: depth image is %dx%d (expected: %dx%d as the camera's)"
              .formatted(
                  keyframe.id(), frame.width(), frame.height(), camera.width(), camera.height()));
    }
    this.camera = camera;
    this.marginMetres = marginMetres;
    worldFromCamera = keyframe.worldFromCamera();
    cameraFromWorld = worldFromCamera.inverse();
    depthMetres = frame.depthMetres();
    tilesX = tiles(camera.width());
    int tiles = tilesX * tiles(camera.height());
    tileMin = new float[tiles];
    tileMax = new float[tiles];
    fillTiles();
  }

  /** The keyframe's pose when this was made. */
  SE3 worldFromCamera() {
    return worldFromCamera;
  }

  private static int tiles(int pixels) {
    return ((pixels - 1) >> TILE_SHIFT) + 1;
  }

  private void fillTiles() {
    Arrays.fill(tileMin, Float.POSITIVE_INFINITY);
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        float reading = depthMetres[v * camera.width() + u];
        if (reading > 0) {
          int tile = (v >> TILE_SHIFT) * tilesX + (u >> TILE_SHIFT);
          tileMin[tile] = Math.min(tileMin[tile], reading);
          tileMax[tile] = Math.max(tileMax[tile], reading);
        }
      }
    }
  }

  /**
   * How far a point is behind the sensor's depth at its pixel, in metres along the optical axis:
   * negative in front; NaN where it projects outside the image or on a pixel without a reading.
   */
  float behindSurface(double x, double y, double z) {
    SE3 t = cameraFromWorld;
    double cameraZ = t.r20() * x + t.r21() * y + t.r22() * z + t.tz();
    if (cameraZ <= 0) {
      return Float.NaN;
    }
    double cameraX = t.r00() * x + t.r01() * y + t.r02() * z + t.tx();
    double cameraY = t.r10() * x + t.r11() * y + t.r12() * z + t.ty();
    double inverseZ = 1 / cameraZ;
    int u = (int) Math.floor(camera.fx() * cameraX * inverseZ + camera.cx() + 0.5);
    int v = (int) Math.floor(camera.fy() * cameraY * inverseZ + camera.cy() + 0.5);
    if (u < 0 || v < 0 || u >= camera.width() || v >= camera.height()) {
      return Float.NaN;
    }
    float reading = depthMetres[v * camera.width() + u];
    return reading > 0 ? (float) (cameraZ - reading) : Float.NaN;
  }

  boolean isNear(float behindSurface) {
    return Math.abs(behindSurface) <= marginMetres;
  }

  /** Whether the camera is on the side of a plane through a point that its normal points to. */
  boolean faces(double[] point, double[] normal) {
    return normal[0] * (worldFromCamera.tx() - point[0])
            + normal[1] * (worldFromCamera.ty() - point[1])
            + normal[2] * (worldFromCamera.tz() - point[2])
        > 0;
  }

  /** What this view may say of the points inside a sphere. */
  Verdict verdict(BoundingSphere sphere) {
    double[] c = cameraFromWorld.apply(sphere.x(), sphere.y(), sphere.z());
    double radius = sphere.radius();
    double nearZ = c[2] - radius;
    double farZ = c[2] + radius;
    if (farZ <= 0) {
      return Verdict.UNSEEN;
    }
    int u0 = 0;
    int v0 = 0;
    int u1 = camera.width() - 1;
    int v1 = camera.height() - 1;
    if (nearZ > MIN_Z) {
      u0 = Math.max(u0, (int) (camera.fx() * least(c[0] - radius, nearZ, farZ) + camera.cx()));
      v0 = Math.max(v0, (int) (camera.fy() * least(c[1] - radius, nearZ, farZ) + camera.cy()));
      u1 = Math.min(u1, (int) (camera.fx() * most(c[0] + radius, nearZ, farZ) + camera.cx() + 1));
      v1 = Math.min(v1, (int) (camera.fy() * most(c[1] + radius, nearZ, farZ) + camera.cy() + 1));
    }
    float min = Float.POSITIVE_INFINITY;
    float max = 0;
    for (int v = v0 >> TILE_SHIFT; v <= v1 >> TILE_SHIFT && v0 <= v1; v++) {
      for (int u = u0 >> TILE_SHIFT; u <= u1 >> TILE_SHIFT && u0 <= u1; u++) {
        min = Math.min(min, tileMin[v * tilesX + u]);
        max = Math.max(max, tileMax[v * tilesX + u]);
      }
    }
    if (max == 0 || nearZ > max + marginMetres) {
      return Verdict.UNSEEN;
    }
    return farZ < min - marginMetres ? Verdict.IN_FRONT : Verdict.MAYBE_NEAR;
  }

  /** The smallest of {@code x / z} over {@code z} from nearZ to farZ, both positive. */
  private static double least(double x, double nearZ, double farZ) {
    return x < 0 ? x / nearZ : x / farZ;
  }

  private static double most(double x, double nearZ, double farZ) {
    return x > 0 ? x / nearZ : x / farZ;
  }
}
