package io.roomfield.slam.fusion;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.stream.IntStream;

/**
 * Surfaces of a fused depth as a camera would see them: per pixel the first change from positive to
 * negative between seen vertices along its ray (Newcombe et al., <em>KinectFusion</em>, section
 * 3.4). Blocks that cannot hold such a change are crossed in one step. The map must not change
 * while it is cast; rows are cast in parallel on the common pool, and the image does not depend on
 * how many threads that has.
 */
public final class FusedDepthRayCaster {
  /** Share of the distance read that a step takes: readings along slanted rays are too long. */
  private static final double STEP = 0.8;

  /** How far a step over a block's face goes beyond it, in voxels. */
  private static final double BEYOND_FACE = 1e-6;

  /** Steps of the search for the zero, which is all but linear. */
  private static final int REFINEMENTS = 4;

  private static final byte UNKNOWN = 0;
  private static final byte NO = 1;
  private static final byte YES = 2;

  private final FusedDepth map;
  private final double truncationVoxels;

  /**
   * Per block: whether it has a vertex that is not in free space, and whether it or one of those
   * after it along the axes has. Found when first asked; threads that ask at once find the same.
   */
  private final byte[] hasInside;

  private final byte[] mayCross;

  /** The box of all blocks in block coordinates: first, and one after the last. */
  private final int[] first = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};

  private final int[] end = {Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE};

  public FusedDepthRayCaster(FusedDepth map) {
    this.map = map;
    truncationVoxels = map.truncation() / map.voxelEdge();
    hasInside = new byte[map.blockCount()];
    mayCross = new byte[map.blockCount()];
    for (int block = 0; block < map.blockCount(); block++) {
      int[] at = {map.blockX(block), map.blockY(block), map.blockZ(block)};
      for (int axis = 0; axis < 3; axis++) {
        first[axis] = Math.min(first[axis], at[axis]);
        end[axis] = Math.max(end[axis], at[axis] + 1);
      }
    }
  }

  /**
   * What a camera sees.
   *
   * @param depthMetres {@code [height, width]} along the optical axis; 0 where no surface was met
   * @param normals {@code [height, width, 3]} unit, world axes, towards free space; 0 where no
   *     surface was met or its neighbourhood was not seen
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record View(float[] depthMetres, float[] normals) {}

  /** Casts a ray through every pixel's centre. */
  public View cast(PinholeCamera camera, SE3 worldFromCamera) {
    int pixels = camera.width() * camera.height();
    View view = new View(new float[pixels], new float[3 * pixels]);
    int rows = map.blockCount() > 0 ? camera.height() : 0;
    IntStream.range(0, rows).parallel().forEach(row -> castRow(camera, worldFromCamera, row, view));
    return view;
  }

  private void castRow(PinholeCamera camera, SE3 pose, int row, View view) {
    double edge = map.voxelEdge();
    double slopeY = (row - camera.cy()) / camera.fy();
    for (int column = 0; column < camera.width(); column++) {
      double[] d = pose.rotate((column - camera.cx()) / camera.fx(), slopeY, 1);
      Ray ray =
          new Ray(
              pose.tx() / edge,
              pose.ty() / edge,
              pose.tz() / edge,
              d[0] / edge,
              d[1] / edge,
              d[2] / edge);
      double depth = surface(ray);
      if (depth > 0) {
        int pixel = row * camera.width() + column;
        view.depthMetres[pixel] = (float) depth;
        writeNormal(ray, depth, view.normals, 3 * pixel);
      }
    }
  }

  /** A ray {@code origin + z * direction} in voxels, where z is depth in metres. */
  private record Ray(double ox, double oy, double oz, double dx, double dy, double dz) {
    double x(double z) {
      return ox + z * dx;
    }

    double y(double z) {
      return oy + z * dy;
    }

    double z(double z) {
      return oz + z * dz;
    }

    /** Metres of depth to one voxel of way. */
    double depthPerVoxel() {
      return 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }

  /** Depth of the first surface in metres; 0 if there is none. */
  private double surface(Ray ray) {
    double[] span = {0, Double.POSITIVE_INFINITY};
    clip(ray.ox, ray.dx, 0, span);
    clip(ray.oy, ray.dy, 1, span);
    clip(ray.oz, ray.dz, 2, span);
    double voxel = ray.depthPerVoxel();
    double z = span[0];
    double freeDepth = 0;
    float free = Float.NaN;
    int bx = blockOf(ray.x(z));
    int by = blockOf(ray.y(z));
    int bz = blockOf(ray.z(z));
    while (z < span[1]) {
      if (!mayCross(bx, by, bz)) {
        double exitX = exit(ray.ox, ray.dx, bx);
        double exitY = exit(ray.oy, ray.dy, by);
        double exitZ = exit(ray.oz, ray.dz, bz);
        double exit = Math.min(exitX, Math.min(exitY, exitZ));
        // The next block by counting: a position rounded may stay on this side of the face.
        bx += exit == exitX ? (int) Math.signum(ray.dx) : 0;
        by += exit == exitY ? (int) Math.signum(ray.dy) : 0;
        bz += exit == exitZ ? (int) Math.signum(ray.dz) : 0;
        z = Math.max(z, exit + BEYOND_FACE * voxel);
        free = Float.NaN;
        continue;
      }
      float value = map.sampleLattice(ray.x(z), ray.y(z), ray.z(z));
      if (value <= 0 && free > 0) {
        return zero(ray, freeDepth, free, z, value);
      }
      freeDepth = z;
      free = value;
      // Unseen and inside (NaN and negative) go on by the least step.
      z += (value > 0 ? Math.max(1, STEP * value * truncationVoxels) : 1) * voxel;
      bx = blockOf(ray.x(z));
      by = blockOf(ray.y(z));
      bz = blockOf(ray.z(z));
    }
    return 0;
  }

  private static int blockOf(double coordinate) {
    return (int) Math.floor(coordinate) >> FusedDepth.BLOCK_SHIFT;
  }

  /** Shortens a span of depths to where the ray is inside the map's box along an axis. */
  private void clip(double origin, double direction, int axis, double[] span) {
    double low = (first[axis] * (double) FusedDepth.BLOCK_EDGE - origin) / direction;
    double high = (end[axis] * (double) FusedDepth.BLOCK_EDGE - origin) / direction;
    // Without direction these are infinities: of one sign, which leave nothing, or of both.
    span[0] = Math.max(span[0], Math.min(low, high));
    span[1] = Math.min(span[1], Math.max(low, high));
  }

  /** Depth at which a ray leaves a block along an axis. */
  private static double exit(double origin, double direction, int block) {
    if (direction == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double face = (direction > 0 ? block + 1.0 : block) * FusedDepth.BLOCK_EDGE;
    return (face - origin) / direction;
  }

  /** Regula falsi between a depth in free space and one behind the surface. */
  private double zero(Ray ray, double freeDepth, float free, double behindDepth, float behind) {
    double a = freeDepth;
    double b = behindDepth;
    float atA = free;
    float atB = behind;
    double z = b;
    for (int i = 0; i < REFINEMENTS; i++) {
      z = a + (b - a) * atA / (atA - atB);
      float value = map.sampleLattice(ray.x(z), ray.y(z), ray.z(z));
      if (value > 0) {
        a = z;
        atA = value;
      } else if (value < 0) {
        b = z;
        atB = value;
      } else {
        break; // met, or in a cell that was not seen
      }
    }
    return z;
  }

  /** Whether a cell of the block may have corners on both sides of a surface. */
  private boolean mayCross(int bx, int by, int bz) {
    int block = map.blockAt(bx, by, bz);
    if (block < 0) {
      return false;
    }
    if (mayCross[block] == UNKNOWN) {
      // The last cells' corners are vertices of the blocks after this one.
      boolean found = false;
      for (int corner = 0; corner < 8 && !found; corner++) {
        int after = map.blockAt(bx + (corner & 1), by + (corner >> 1 & 1), bz + (corner >> 2));
        found = after >= 0 && hasInside(after);
      }
      mayCross[block] = found ? YES : NO;
    }
    return mayCross[block] == YES;
  }

  private boolean hasInside(int block) {
    if (hasInside[block] == UNKNOWN) {
      float[] distances = map.distances(block);
      float[] weights = map.weights(block);
      boolean found = false;
      for (int i = 0; i < FusedDepth.BLOCK_VOXELS && !found; i++) {
        found = distances[i] <= 0 && weights[i] > 0;
      }
      hasInside[block] = found ? YES : NO;
    }
    return hasInside[block] == YES;
  }

  /** The gradient's direction, by differences over a voxel to either side. */
  private void writeNormal(Ray ray, double depth, float[] normals, int at) {
    double x = ray.x(depth);
    double y = ray.y(depth);
    double z = ray.z(depth);
    float nx = map.sampleLattice(x + 1, y, z) - map.sampleLattice(x - 1, y, z);
    float ny = map.sampleLattice(x, y + 1, z) - map.sampleLattice(x, y - 1, z);
    float nz = map.sampleLattice(x, y, z + 1) - map.sampleLattice(x, y, z - 1);
    float length = (float) Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (length > 0) {
      normals[at] = nx / length;
      normals[at + 1] = ny / length;
      normals[at + 2] = nz / length;
    }
  }
}
