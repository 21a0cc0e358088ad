package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Casts an image's rays in packets: the image is halved again and again, each half keeps the solids
 * that its frustum may meet, nearest first, and the rays of a small tile ask only those. One image,
 * one thread.
 */
final class DepthCaster {
  /** Tiles of at most so many pixels a side are cast. */
  private static final int TILE = 8;

  private static final double[] EYE = {0, 0, 0};

  private final PinholeCamera camera;

  /** In the camera's frame: those without bounds first, then by depth. */
  private final SceneObject[] objects;

  private final int unbounded;

  /** No point of an object has less depth, in metres. */
  private final double[] nearest;

  private final float[] depthMetres;

  DepthCaster(SignedDistanceScene scene, PinholeCamera camera, SE3 worldFromCamera) {
    this.camera = camera;
    this.depthMetres = new float[camera.width() * camera.height()];
    SE3 cameraFromWorld = worldFromCamera.inverse();
    List<SceneObject> seen = scene.objects().stream().map(o -> o.moved(cameraFromWorld)).toList();
    this.objects =
        seen.stream()
            .sorted(Comparator.comparingDouble(DepthCaster::leastDepth))
            .toArray(SceneObject[]::new);
    this.nearest = Arrays.stream(objects).mapToDouble(DepthCaster::leastDepth).toArray();
    this.unbounded = (int) seen.stream().filter(o -> !o.isBounded()).count();
  }

  private static double leastDepth(SceneObject object) {
    return object.isBounded() ? -object.support(0, 0, -1) : Double.NEGATIVE_INFINITY;
  }

  /** Depth {@code [height, width]} in metres along the optical axis, 0 for none. */
  float[] render() {
    int[] all = new int[objects.length];
    Arrays.setAll(all, i -> i);
    cast(new Tile(0, 0, camera.width(), camera.height()), all);
    return depthMetres;
  }

  /** Pixels from (left, top) up to but without (right, bottom). */
  private record Tile(int left, int top, int right, int bottom) {
    Tile half(boolean second) {
      if (right - left >= bottom - top) {
        int middle = (left + right) / 2;
        return second ? new Tile(middle, top, right, bottom) : new Tile(left, top, middle, bottom);
      }
      int middle = (top + bottom) / 2;
      return second ? new Tile(left, middle, right, bottom) : new Tile(left, top, right, middle);
    }

    boolean isSmall() {
      return right - left <= TILE && bottom - top <= TILE;
    }
  }

  private void cast(Tile tile, int[] candidates) {
    int[] met = met(tile, candidates);
    if (!tile.isSmall()) {
      cast(tile.half(false), met);
      cast(tile.half(true), met);
      return;
    }
    for (int y = tile.top; y < tile.bottom; y++) {
      for (int x = tile.left; x < tile.right; x++) {
        depthMetres[y * camera.width() + x] = (float) depth(rayX(x), rayY(y), met);
      }
    }
  }

  private double rayX(int x) {
    return (x - camera.cx()) / camera.fx();
  }

  private double rayY(int y) {
    return (y - camera.cy()) / camera.fy();
  }

  /** Those of the candidates that reach into the frustum of the tile's outermost rays. */
  private int[] met(Tile tile, int[] candidates) {
    double left = rayX(tile.left);
    double right = rayX(tile.right - 1);
    double top = rayY(tile.top);
    double bottom = rayY(tile.bottom - 1);
    int[] met = new int[candidates.length];
    int count = 0;
    for (int i : candidates) {
      SceneObject o = objects[i];
      if (i < unbounded
          || (o.support(0, 0, 1) >= 0
              && o.support(1, 0, -left) >= 0
              && o.support(-1, 0, right) >= 0
              && o.support(0, 1, -top) >= 0
              && o.support(0, -1, bottom) >= 0)) {
        met[count++] = i;
      }
    }
    return Arrays.copyOf(met, count);
  }

  private double depth(double rayX, double rayY, int[] candidates) {
    double length = Math.sqrt(rayX * rayX + rayY * rayY + 1);
    Ray ray = Ray.towards(EYE, new double[] {rayX, rayY, 1});
    double hit = SphereTracer.MAX_DISTANCE;
    for (int i : candidates) {
      if (nearest[i] * length >= hit) {
        break;
      }
      hit = Math.min(hit, objects[i].intersect(ray, hit));
    }
    return hit < SphereTracer.MAX_DISTANCE ? hit / length : 0;
  }
}
