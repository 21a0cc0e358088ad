package io.roomfield.slam.client.viewer;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.SyntheticSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Two points on opposite walls of a room (or floor and ceiling), straight across from each other,
 * that frames of a walk see well: their distance is the room's size.
 *
 * @param points {@code [2, 3]} world metres
 * @param eyes {@code [2, 3]} where the frames were taken
 * @param metres from wall to wall
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AcrossTheRoom(double[][] points, double[][] eyes, double metres) {
  private static final double ON_WALL_METRES = 0.002;
  private static final double DEPTH_SCALE = 1000;
  private static final int GRID_PIXELS = 10;

  /** Around a point that is seen well, the image shows nothing but the wall for so many pixels. */
  private static final int AROUND_PIXELS = 30;

  private static final double FACING_METRES = 0.03;

  /** Beyond this the sensor's noise is large. */
  private static final double FAR_METRES = 3.5;

  private record Seen(double[] point, double[] eye) {}

  double[] point(int end) {
    return points[end];
  }

  double[] eye(int end) {
    return eyes[end];
  }

  /** The pair that faces each other best among the frames 0, stride, 2 * stride... */
  static AcrossTheRoom find(SyntheticSequence sequence, int stride, int frames) {
    double[][] walls = {
      {-sequence.room().width() / 2, sequence.room().width() / 2},
      {-sequence.room().length() / 2, sequence.room().length() / 2},
      {0, sequence.room().height()}
    };
    List<List<Seen>> seen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seen.add(new ArrayList<>());
    }
    for (int i = 0; i < frames; i++) {
      addSeen(sequence, i * stride, walls, seen);
    }
    AcrossTheRoom best = null;
    double nearest = FACING_METRES;
    for (int axis = 0; axis < 3; axis++) {
      for (Seen a : seen.get(2 * axis)) {
        for (Seen b : seen.get(2 * axis + 1)) {
          double apart = beside(a.point(), b.point(), axis);
          if (apart < nearest) {
            nearest = apart;
            best =
                new AcrossTheRoom(
                    new double[][] {a.point(), b.point()},
                    new double[][] {a.eye(), b.eye()},
                    walls[axis][1] - walls[axis][0]);
          }
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          "no two points face each other across the room in %d frames".formatted(frames));
    }
    return best;
  }

  private static double beside(double[] a, double[] b, int axis) {
    double sum = 0;
    for (int d = 0; d < 3; d++) {
      sum += d == axis ? 0 : (a[d] - b[d]) * (a[d] - b[d]);
    }
    return Math.sqrt(sum);
  }

  private static void addSeen(
      SyntheticSequence sequence, int frame, double[][] walls, List<List<Seen>> seen) {
    SE3 pose = sequence.pose(frame);
    View view = new View(sequence.camera(), pose, sequence.render(frame).depthRaw());
    for (int v = AROUND_PIXELS; v < view.camera().height() - AROUND_PIXELS; v += GRID_PIXELS) {
      for (int u = AROUND_PIXELS; u < view.camera().width() - AROUND_PIXELS; u += GRID_PIXELS) {
        if (view.depthMetres(u, v) < FAR_METRES && isAllWall(view, walls, u, v)) {
          double[] point = view.point(u, v);
          double[] eye = {pose.tx(), pose.ty(), pose.tz()};
          seen.get(wall(point, walls)).add(new Seen(point, eye));
        }
      }
    }
  }

  /** A frame's depth with the pose it was taken from. */
  private record View(PinholeCamera camera, SE3 pose, short[] depth) {
    double depthMetres(int u, int v) {
      return (depth[v * camera.width() + u] & 0xffff) / DEPTH_SCALE;
    }

    double[] point(int u, int v) {
      double z = depthMetres(u, v);
      return pose.apply(
          (u - camera.cx()) / camera.fx() * z, (v - camera.cy()) / camera.fy() * z, z);
    }
  }

  private static boolean isAllWall(View view, double[][] walls, int u, int v) {
    int wall = wall(view.point(u, v), walls);
    for (int dv = -AROUND_PIXELS; dv <= AROUND_PIXELS; dv += AROUND_PIXELS) {
      for (int du = -AROUND_PIXELS; du <= AROUND_PIXELS; du += AROUND_PIXELS) {
        if (wall(view.point(u + du, v + dv), walls) != wall) {
          return false;
        }
      }
    }
    return wall >= 0;
  }

  /** Twice the axis, plus one for the larger side; -1 on none. */
  private static int wall(double[] point, double[][] walls) {
    for (int axis = 0; axis < 3; axis++) {
      for (int side = 0; side < 2; side++) {
        if (Math.abs(point[axis] - walls[axis][side]) < ON_WALL_METRES) {
          return 2 * axis + side;
        }
      }
    }
    return -1;
  }
}
