package io.roomfield.slam.client.report;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.eval.MeshRasterizer;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture of a mesh for people without a mesh viewer: vertex colours, or grey where the mesh has
 * none, under Lambert shading with a lamp at the camera.
 *
 * @param title such as "the map from above"
 * @param image the picture
 */
public record MeshPicture(String title, BufferedImage image) {
  private static final int BACKGROUND = 0xd8dee6;
  private static final int GREY = 200;

  /** Brightness of a surface seen edge on; seen face on it is 1. */
  private static final double AMBIENT = 0.45;

  private static final int OVERVIEW_WIDTH = 960;
  private static final int OVERVIEW_HEIGHT = 720;
  private static final double OVERVIEW_FIELD_OF_VIEW = Math.toRadians(40);
  private static final double OVERVIEW_ELEVATION = Math.toRadians(55);

  /** What a camera at {@code worldFromCamera} sees, surfaces from behind included. */
  public static MeshPicture fromPose(
      String title, TriangleMesh mesh, PinholeCamera camera, SE3 worldFromCamera) {
    return new MeshPicture(title, draw(mesh, camera, worldFromCamera, true));
  }

  /**
   * The whole mesh from above and behind the first camera. Surfaces seen from behind are left out,
   * so a ceiling and the near walls of a room do not hide its inside.
   *
   * @param poses worldFromCamera of the trajectory, in the mesh's world, one or more: they tell
   *     which way is up
   */
  public static MeshPicture overview(String title, TriangleMesh mesh, List<TimedPose> poses) {
    double focal = OVERVIEW_HEIGHT / 2.0 / Math.tan(OVERVIEW_FIELD_OF_VIEW / 2);
    PinholeCamera camera =
        new PinholeCamera(
            OVERVIEW_WIDTH,
            OVERVIEW_HEIGHT,
            focal,
            focal,
            (OVERVIEW_WIDTH - 1) / 2.0,
            (OVERVIEW_HEIGHT - 1) / 2.0);
    SE3 worldFromCamera = overviewPose(mesh, camera, PlanView.of(poses));
    return new MeshPicture(title, draw(mesh, camera, worldFromCamera, false));
  }

  /** As near as the mesh's bounding box fits the image. */
  private static SE3 overviewPose(TriangleMesh mesh, PinholeCamera camera, PlanView plan) {
    double[] least = new double[3];
    double[] largest = new double[3];
    float[] p = mesh.positions();
    for (int i = 0; i < p.length; i++) {
      least[i % 3] = i < 3 ? p[i] : Math.min(least[i % 3], p[i]);
      largest[i % 3] = i < 3 ? p[i] : Math.max(largest[i % 3], p[i]);
    }
    double[] centre = new double[3];
    double[] eye = new double[3];
    for (int i = 0; i < 3; i++) {
      centre[i] = (least[i] + largest[i]) / 2;
      eye[i] =
          centre[i]
              + Math.sin(OVERVIEW_ELEVATION) * plan.up()[i]
              - Math.cos(OVERVIEW_ELEVATION) * plan.forward()[i];
    }
    SE3 oneMetreAway = SE3.lookAt(eye, centre, plan.up());
    SE3 back = oneMetreAway.inverse();
    double distance = 1;
    for (int corner = 0; corner < 8; corner++) {
      double[] q =
          back.apply(
              (corner & 1) == 0 ? least[0] : largest[0],
              (corner & 2) == 0 ? least[1] : largest[1],
              (corner & 4) == 0 ? least[2] : largest[2]);
      double reach = Math.max(Math.abs(q[0]) / camera.width(), Math.abs(q[1]) / camera.height());
      distance = Math.max(distance, 2 * camera.fx() * reach - q[2] + 1);
    }
    return oneMetreAway.times(SE3.fromRotationVector(0, 0, 0, 0, 0, 1 - distance));
  }

  private static BufferedImage draw(
      TriangleMesh mesh, PinholeCamera camera, SE3 worldFromCamera, boolean backFaces) {
    MeshRasterizer.View view = MeshRasterizer.render(mesh, camera, worldFromCamera, backFaces);
    BufferedImage image =
        new BufferedImage(view.width(), view.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < view.height(); y++) {
      for (int x = 0; x < view.width(); x++) {
        int pixel = y * view.width() + x;
        int face = view.faces()[pixel];
        int rgb = BACKGROUND;
        if (face >= 0) {
          double[] ray =
              worldFromCamera.rotate(
                  (x - camera.cx()) / camera.fx(), (y - camera.cy()) / camera.fy(), 1);
          double brightness = AMBIENT + (1 - AMBIENT) * facing(mesh, face, ray);
          rgb = colour(mesh, face, view.weights(), 3 * pixel, brightness);
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** |cosine| of the angle between a triangle's normal and a ray. */
  private static double facing(TriangleMesh mesh, int face, double[] ray) {
    float[] p = mesh.positions();
    int a = 3 * mesh.faces()[3 * face];
    int b = 3 * mesh.faces()[3 * face + 1];
    int c = 3 * mesh.faces()[3 * face + 2];
    double[] u = {p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]};
    double[] v = {p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]};
    double[] n = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    return Math.abs(dot(n, ray)) / Math.sqrt(dot(n, n) * dot(ray, ray));
  }

  private static int colour(
      TriangleMesh mesh, int face, float[] weights, int at, double brightness) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      double value = mesh.colours() == null ? GREY : 0;
      for (int corner = 0; corner < 3 && mesh.colours() != null; corner++) {
        int vertex = mesh.faces()[3 * face + corner];
        value += weights[at + corner] * Byte.toUnsignedInt(mesh.colours()[3 * vertex + channel]);
      }
      rgb = rgb << 8 | Math.clamp(Math.round(brightness * value), 0, 255);
    }
    return rgb;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }
}
