package io.roomfield.slam.query;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.mapping.MapSnapshot;

/** Renders a map. (Skeleton; the renderer is being written.) */
public final class ViewRenderer {
  @SuppressWarnings("UnusedVariable")
  public ViewRenderer(ComputeBackend backend) {}

  public RenderedImage render(
      MapSnapshot map, PinholeCamera camera, SE3 worldFromCamera, float farMetres) {
    int pixels = camera.width() * camera.height();
    return new RenderedImage(
        camera.width(), camera.height(), new float[pixels], new byte[3 * pixels]);
  }
}
