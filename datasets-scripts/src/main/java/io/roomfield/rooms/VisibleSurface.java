package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts a surface down to what cameras see of it, and gives it the scene's normals and colours. */
final class VisibleSurface {
  /** What a view of a point meets this shortly before it is the point's own corner, in metres. */
  private static final double REACHED = 0.005;

  private final FurnishedRoom room;
  private final PinholeCamera camera;
  private final List<SE3> worldFromCameras;
  private final List<SE3> camerasFromWorld;

  VisibleSurface(FurnishedRoom room, PinholeCamera camera, List<SE3> worldFromCameras) {
    this.room = room;
    this.camera = camera;
    this.worldFromCameras = List.copyOf(worldFromCameras);
    this.camerasFromWorld = worldFromCameras.stream().map(SE3::inverse).toList();
  }

  /**
   * The faces all of whose corners are seen by some camera, with normals and colours.
   *
   * @param footprint detail of the colours in metres
   */
  TriangleMesh of(TriangleMesh surface, double footprint) {
    int count = surface.vertexCount();
    boolean[] seen = new boolean[count];
    IntStream.range(0, count).parallel().forEach(v -> seen[v] = isSeen(position(surface, v)));
    int[] faces = seenFaces(surface.faces(), seen);
    BitSet used = new BitSet(count);
    Arrays.stream(faces).forEach(used::set);
    int[] kept = used.stream().toArray();
    int[] newIndex = new int[count];
    for (int n = 0; n < kept.length; n++) {
      newIndex[kept[n]] = n;
    }
    float[] positions = new float[3 * kept.length];
    float[] normals = new float[3 * kept.length];
    byte[] colours = new byte[3 * kept.length];
    IntStream.range(0, kept.length)
        .parallel()
        .forEach(
            n -> {
              System.arraycopy(surface.positions(), 3 * kept[n], positions, 3 * n, 3);
              double[] p = position(surface, kept[n]);
              SceneObject object = room.scene().nearest(p[0], p[1], p[2]).object();
              double[] normal = object.normal(p[0], p[1], p[2]);
              for (int a = 0; a < 3; a++) {
                normals[3 * n + a] = (float) normal[a];
              }
              Colour unlit = object.colour(p, normal, footprint);
              room.lighting().shade(room.scene(), p, normal, unlit).write(colours, 3 * n);
            });
    int[] renumbered = Arrays.stream(faces).map(v -> newIndex[v]).toArray();
    return new TriangleMesh(positions, normals, colours, renumbered);
  }

  private static double[] position(TriangleMesh mesh, int vertex) {
    float[] p = mesh.positions();
    return new double[] {p[3 * vertex], p[3 * vertex + 1], p[3 * vertex + 2]};
  }

  private static int[] seenFaces(int[] faces, boolean[] seen) {
    return IntStream.range(0, faces.length / 3)
        .filter(f -> seen[faces[3 * f]] && seen[faces[3 * f + 1]] && seen[faces[3 * f + 2]])
        .flatMap(f -> IntStream.of(faces[3 * f], faces[3 * f + 1], faces[3 * f + 2]))
        .toArray();
  }

  private boolean isSeen(double[] p) {
    double[] normal = room.scene().normal(p[0], p[1], p[2]);
    for (int i = 0; i < camerasFromWorld.size(); i++) {
      if (isInImage(camerasFromWorld.get(i), p) && isFree(worldFromCameras.get(i), p, normal)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInImage(SE3 cameraFromWorld, double[] point) {
    double[] p = cameraFromWorld.apply(point[0], point[1], point[2]);
    if (!(p[2] > 0)) {
      return false;
    }
    double u = camera.fx() * p[0] / p[2] + camera.cx();
    double v = camera.fy() * p[1] / p[2] + camera.cy();
    return u >= 0 && u <= camera.width() - 1 && v >= 0 && v <= camera.height() - 1;
  }

  /** Whether the point faces the camera with nothing between. */
  private boolean isFree(SE3 pose, double[] point, double[] normal) {
    double[] eye = {pose.tx(), pose.ty(), pose.tz()};
    double[] gaze = {point[0] - eye[0], point[1] - eye[1], point[2] - eye[2]};
    if (gaze[0] * normal[0] + gaze[1] * normal[1] + gaze[2] * normal[2] >= 0) {
      return false;
    }
    double distance = Math.hypot(Math.hypot(gaze[0], gaze[1]), gaze[2]);
    return room.scene().trace(Ray.towards(eye, gaze), distance - REACHED).object() == null;
  }
}
