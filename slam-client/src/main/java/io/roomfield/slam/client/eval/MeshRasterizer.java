package io.roomfield.slam.client.eval;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.util.Arrays;

/**
 * What a pinhole camera sees of a triangle mesh, with a depth buffer. A pixel's ray {@code d} meets
 * the triangle {@code (v0, v1, v2)} where all {@code e_i = (v_j x v_k) . d / det(v0, v1, v2)} are
 * positive, at depth {@code 1 / sum e_i} and with weights {@code e_i / sum e_i} (M. Olano and T.
 * Greer, "Triangle scan conversion using 2D homogeneous coordinates", 1997): no clipping needed.
 */
public final class MeshRasterizer {
  /** Nothing nearer than this is drawn, metres. */
  private static final double NEAR_METRES = 0.01;

  private final PinholeCamera camera;
  private final boolean backFaces;
  private final double[] vertices;
  private final int[] faces;
  private final View view;

  /**
   * A view, row by row; pixels that see no triangle have depth 0 and face -1.
   *
   * @param width in pixels
   * @param height in pixels
   * @param depthMetres {@code [height, width]} along the optical axis
   * @param faces {@code [height, width]} index of the triangle seen
   * @param weights {@code [height, width, 3]} of the triangle's corners, summing to 1
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record View(int width, int height, float[] depthMetres, int[] faces, float[] weights) {}

  private MeshRasterizer(
      TriangleMesh mesh, PinholeCamera camera, SE3 worldFromCamera, boolean backFaces) {
    this.camera = camera;
    this.backFaces = backFaces;
    this.vertices = transformed(mesh, worldFromCamera.inverse());
    this.faces = mesh.faces();
    int pixels = camera.width() * camera.height();
    this.view =
        new View(
            camera.width(),
            camera.height(),
            new float[pixels],
            new int[pixels],
            new float[3 * pixels]);
    Arrays.fill(view.faces, -1);
  }

  /**
   * Draws {@code mesh}.
   *
   * @param backFaces whether triangles seen from behind (clockwise) are drawn too
   */
  public static View render(
      TriangleMesh mesh, PinholeCamera camera, SE3 worldFromCamera, boolean backFaces) {
    MeshRasterizer rasterizer = new MeshRasterizer(mesh, camera, worldFromCamera, backFaces);
    for (int face = 0; face < mesh.faceCount(); face++) {
      rasterizer.draw(face);
    }
    return rasterizer.view;
  }

  /** {@code [vertices, 3]} of {@code mesh} under {@code transform}. */
  static double[] transformed(TriangleMesh mesh, SE3 transform) {
    float[] from = mesh.positions();
    double[] to = new double[from.length];
    for (int i = 0; i < from.length; i += 3) {
      double[] p = transform.apply(from[i], from[i + 1], from[i + 2]);
      System.arraycopy(p, 0, to, i, 3);
    }
    return to;
  }

  private void draw(int face) {
    int[] corner = {3 * faces[3 * face], 3 * faces[3 * face + 1], 3 * faces[3 * face + 2]};
    double[] n0 = cross(corner[1], corner[2]);
    double[] n1 = cross(corner[2], corner[0]);
    double[] n2 = cross(corner[0], corner[1]);
    double det =
        vertices[corner[0]] * n0[0]
            + vertices[corner[0] + 1] * n0[1]
            + vertices[corner[0] + 2] * n0[2];
    if (det == 0 || (det > 0 && !backFaces)) {
      return;
    }
    double[] box = pixelBox(corner);
    int lastX = (int) Math.min(camera.width() - 1, Math.floor(box[2]));
    int lastY = (int) Math.min(camera.height() - 1, Math.floor(box[3]));
    for (int y = (int) Math.max(0, Math.ceil(box[1])); y <= lastY; y++) {
      double dy = (y - camera.cy()) / camera.fy();
      for (int x = (int) Math.max(0, Math.ceil(box[0])); x <= lastX; x++) {
        double dx = (x - camera.cx()) / camera.fx();
        double e0 = (n0[0] * dx + n0[1] * dy + n0[2]) / det;
        double e1 = (n1[0] * dx + n1[1] * dy + n1[2]) / det;
        double e2 = (n2[0] * dx + n2[1] * dy + n2[2]) / det;
        if (e0 >= 0 && e1 >= 0 && e2 >= 0) {
          keepNearest(y * camera.width() + x, face, e0, e1, e2);
        }
      }
    }
  }

  private void keepNearest(int pixel, int face, double e0, double e1, double e2) {
    double depth = 1 / (e0 + e1 + e2);
    if (depth > NEAR_METRES
        && depth < Float.MAX_VALUE
        && (view.faces[pixel] < 0 || depth < view.depthMetres[pixel])) {
      view.depthMetres[pixel] = (float) depth;
      view.faces[pixel] = face;
      view.weights[3 * pixel] = (float) (e0 * depth);
      view.weights[3 * pixel + 1] = (float) (e1 * depth);
      view.weights[3 * pixel + 2] = (float) (e2 * depth);
    }
  }

  /** Least u, v and largest u, v of the triangle's part beyond the near plane. */
  private double[] pixelBox(int[] corner) {
    double infinity = Double.POSITIVE_INFINITY;
    double[] box = {infinity, infinity, -infinity, -infinity};
    for (int i = 0; i < 3; i++) {
      int a = corner[i];
      int b = corner[(i + 1) % 3];
      double za = vertices[a + 2];
      double zb = vertices[b + 2];
      if (za > NEAR_METRES) {
        grow(box, vertices[a], vertices[a + 1], za);
      }
      if (za > NEAR_METRES != zb > NEAR_METRES) {
        double share = (NEAR_METRES - za) / (zb - za);
        double x = vertices[a] + share * (vertices[b] - vertices[a]);
        double y = vertices[a + 1] + share * (vertices[b + 1] - vertices[a + 1]);
        grow(box, x, y, NEAR_METRES);
      }
    }
    return box;
  }

  private void grow(double[] box, double x, double y, double z) {
    double u = camera.fx() * x / z + camera.cx();
    double v = camera.fy() * y / z + camera.cy();
    box[0] = Math.min(box[0], u);
    box[1] = Math.min(box[1], v);
    box[2] = Math.max(box[2], u);
    box[3] = Math.max(box[3], v);
  }

  private double[] cross(int a, int b) {
    double[] v = vertices;
    return new double[] {
      v[a + 1] * v[b + 2] - v[a + 2] * v[b + 1],
      v[a + 2] * v[b] - v[a] * v[b + 2],
      v[a] * v[b + 1] - v[a + 1] * v[b]
    };
  }
}
