package io.roomfield.slam.compute;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend.Distance;

/** Depth images of a signed distance by sphere tracing. */
public final class AnalyticDepth {
  /** What counts as met, in metres. */
  private static final double MET = 1e-5;

  private AnalyticDepth() {}

  /**
   * What a camera sees.
   *
   * @param wallMetres depth of a wall across the view behind everything
   * @return {@code [height, width]} along the optical axis
   */
  public static float[] render(
      Distance scene, PinholeCamera camera, SE3 worldFromCamera, float wallMetres) {
    float[] depth = new float[camera.width() * camera.height()];
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        double dx = (u - camera.cx()) / camera.fx();
        double dy = (v - camera.cy()) / camera.fy();
        depth[v * camera.width() + u] = trace(scene, worldFromCamera, dx, dy, wallMetres);
      }
    }
    return depth;
  }

  private static float trace(
      Distance scene, SE3 worldFromCamera, double dx, double dy, float wallMetres) {
    double norm = Math.sqrt(dx * dx + dy * dy + 1);
    for (double z = 0; z < wallMetres; ) {
      double[] p = worldFromCamera.apply(dx * z, dy * z, z);
      double distance = scene.at(p[0], p[1], p[2]);
      if (distance < MET) {
        return (float) z;
      }
      z += distance / norm;
    }
    return wallMetres;
  }
}
