package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.BoundingVolumeHierarchy.Hit;
import java.util.stream.IntStream;

/**
 * Renders a scene's colour and depth by sphere tracing (Hart 1996), each solid within its bounding
 * box. Rows are traced in parallel on the common pool; the image does not depend on how many
 * threads that has.
 */
public final class SphereTracer {
  /** Surfaces farther than this are not seen, in metres. */
  public static final double MAX_DISTANCE = 50;

  /** Least cosine between ray and normal that widens a pixel's footprint. */
  private static final double MIN_COSINE = 0.1;

  private final SignedDistanceScene scene;
  private final Lighting lighting;

  public SphereTracer(SignedDistanceScene scene, Lighting lighting) {
    this.scene = scene;
    this.lighting = lighting;
  }

  /**
   * What a camera sees.
   *
   * @param depthMetres {@code [height, width]} along the optical axis; 0 where nothing was hit
   * @param rgb {@code [height, width, 3]} bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record View(float[] depthMetres, byte[] rgb) {}

  /** Colour and depth through every pixel's centre. */
  public View render(PinholeCamera camera, SE3 worldFromCamera) {
    View view =
        new View(
            new float[camera.width() * camera.height()],
            new byte[3 * camera.width() * camera.height()]);
    IntStream.range(0, camera.height())
        .parallel()
        .forEach(y -> renderRow(camera, worldFromCamera, y, view));
    return view;
  }

  /**
   * Depth alone, on the calling thread: quick, for as many images at a time as there are threads.
   *
   * @return {@code [height, width]} metres along the optical axis; 0 where nothing was hit
   */
  public float[] renderDepth(PinholeCamera camera, SE3 worldFromCamera) {
    return new DepthCaster(scene, camera, worldFromCamera).render();
  }

  private void renderRow(PinholeCamera camera, SE3 worldFromCamera, int y, View view) {
    double[] origin = {worldFromCamera.tx(), worldFromCamera.ty(), worldFromCamera.tz()};
    double rayY = (y - camera.cy()) / camera.fy();
    for (int x = 0; x < camera.width(); x++) {
      double rayX = (x - camera.cx()) / camera.fx();
      Ray ray = Ray.towards(origin, worldFromCamera.rotate(rayX, rayY, 1));
      Hit hit = scene.trace(ray, MAX_DISTANCE);
      if (hit.object() == null) {
        continue;
      }
      int pixel = y * camera.width() + x;
      double depth = hit.t() / Math.sqrt(rayX * rayX + rayY * rayY + 1);
      view.depthMetres[pixel] = (float) depth;
      colour(ray, hit, depth / camera.fx()).write(view.rgb, 3 * pixel);
    }
  }

  private Colour colour(Ray ray, Hit hit, double pixelMetres) {
    double[] point = {
      ray.ox + hit.t() * ray.dx, ray.oy + hit.t() * ray.dy, ray.oz + hit.t() * ray.dz
    };
    double[] normal = hit.object().normal(point[0], point[1], point[2]);
    double cosine = -(ray.dx * normal[0] + ray.dy * normal[1] + ray.dz * normal[2]);
    double footprint = pixelMetres / Math.max(MIN_COSINE, cosine);
    Colour unlit = hit.object().colour(point, normal, footprint);
    return lighting.shade(scene, point, normal, unlit);
  }
}
