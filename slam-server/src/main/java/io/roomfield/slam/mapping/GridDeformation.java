package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Moves a grid's blocks rigidly, each with its own motion, and samples them anew on the lattice.
 *
 * <p>A block of the result takes the motion {@code M} of the source block whose moved centre is
 * nearest to its own centre, among those that moved onto it; its vertex {@code p} gets the old
 * grid's features at {@code M^-1 p}, trilinear, where all vertices that these are made of are
 * allocated, and keeps its own elsewhere. A block that nothing moves onto starts afresh. A block
 * that did not move stays as it is. Blocks keep their numbers, new ones are added: what others hold
 * by block number stays valid.
 */
final class GridDeformation {
  private static final int EDGE = FeatureGrid.BLOCK_EDGE;
  private static final int CORNERS = 8;

  /** Blocks that touch do not overlap: box edges in blocks are whole but for their last digits. */
  private static final double ROUNDING = 1e-6;

  private record Position(int x, int y, int z) {}

  /** A block's source, its motion or null where it stays, and how far its moved centre is. */
  private record Source(int block, SE3 newFromOld, double squaredDistance) {}

  /** A block to be written: features {@code [512, channels]} of the vertices that are sampled. */
  private record Resampled(Position at, int source, float[] features, boolean[] sampled) {}

  /**
   * What a deformation did.
   *
   * @param changed numbers of the blocks whose features are others now
   * @param sources per changed block, the number of the block whose motion it took; its own where
   *     it starts afresh
   */
  record Result(int[] changed, int[] sources) {}

  private final FeatureGrid grid;
  private final Map<Position, Source> sources = new LinkedHashMap<>();
  private final List<Integer> moved = new ArrayList<>();

  private GridDeformation(FeatureGrid grid) {
    this.grid = grid;
  }

  /**
   * Deforms a grid in place.
   *
   * @param newFromOld per block number its motion, or null where it stays
   * @param tolerance metres; a block none of whose corners moves farther stays
   */
  static Result deform(FeatureGrid grid, IntFunction<SE3> newFromOld, double tolerance) {
    GridDeformation deformation = new GridDeformation(grid);
    for (int block = 0; block < grid.blockCount(); block++) {
      SE3 motion = newFromOld.apply(block);
      if (motion == null) {
        deformation.stay(block);
      } else {
        deformation.addSource(block, motion, tolerance);
      }
    }
    return deformation.apply();
  }

  private void stay(int block) {
    sources.put(position(block), new Source(block, null, 0));
  }

  private Position position(int block) {
    return new Position(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
  }

  private void addSource(int block, SE3 motion, double tolerance) {
    int[] origin = {grid.blockX(block), grid.blockY(block), grid.blockZ(block)};
    double[] low = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
    double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE};
    double farthest = 0;
    for (int corner = 0; corner < CORNERS; corner++) {
      double[] p = point(origin, corner & 1, corner >> 1 & 1, corner >> 2);
      double[] q = motion.apply(p[0], p[1], p[2]);
      double squared = 0;
      for (int axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], q[axis]);
        high[axis] = Math.max(high[axis], q[axis]);
        squared += (q[axis] - p[axis]) * (q[axis] - p[axis]);
      }
      farthest = Math.max(farthest, Math.sqrt(squared));
    }
    if (farthest <= tolerance) {
      stay(block);
      return;
    }
    moved.add(block);
    for (int z = first(low[2]); z <= last(high[2]); z++) {
      for (int y = first(low[1]); y <= last(high[1]); y++) {
        for (int x = first(low[0]); x <= last(high[0]); x++) {
          offer(new Position(x, y, z), block, motion);
        }
      }
    }
  }

  private void offer(Position to, int block, SE3 motion) {
    int[] from = {grid.blockX(block), grid.blockY(block), grid.blockZ(block)};
    double[] p = point(from, 0.5, 0.5, 0.5);
    double[] centre = motion.apply(p[0], p[1], p[2]);
    double[] own = point(new int[] {to.x, to.y, to.z}, 0.5, 0.5, 0.5);
    double squared = 0;
    for (int axis = 0; axis < 3; axis++) {
      squared += (centre[axis] - own[axis]) * (centre[axis] - own[axis]);
    }
    Source best = sources.get(to);
    if (best == null || squared < best.squaredDistance) {
      sources.put(to, new Source(block, motion, squared));
    }
  }

  /** The point of a block at these fractions of its edges, in world metres. */
  private double[] point(int[] block, double fx, double fy, double fz) {
    double metres = EDGE * grid.voxelEdge();
    return new double[] {
      (block[0] + fx) * metres, (block[1] + fy) * metres, (block[2] + fz) * metres
    };
  }

  private int first(double metres) {
    return (int) Math.floor(metres / (EDGE * grid.voxelEdge()) + ROUNDING);
  }

  private int last(double metres) {
    return (int) Math.floor(metres / (EDGE * grid.voxelEdge()) - ROUNDING);
  }

  private Result apply() {
    // Everything is sampled from the old grid before anything is written.
    List<Resampled> blocks =
        sources.entrySet().parallelStream()
            .filter(entry -> entry.getValue().newFromOld != null)
            .map(entry -> resample(entry.getKey(), entry.getValue()))
            .filter(block -> block.features != null)
            .toList();
    Map<Integer, Integer> changed = new LinkedHashMap<>();
    for (int block : moved) {
      if (!sources.containsKey(position(block))) {
        grid.initialise(block);
        changed.put(block, block);
      }
    }
    for (Resampled block : blocks) {
      changed.put(write(block), block.source);
    }
    return new Result(
        changed.keySet().stream().mapToInt(Integer::intValue).toArray(),
        changed.values().stream().mapToInt(Integer::intValue).toArray());
  }

  private int write(Resampled block) {
    int number = grid.allocate(block.at.x, block.at.y, block.at.z);
    int channels = grid.channels();
    float[] features = grid.blockToChange(number);
    for (int vertex = 0; vertex < block.sampled.length; vertex++) {
      if (block.sampled[vertex]) {
        int at = vertex * channels;
        System.arraycopy(block.features, at, features, at, channels);
      }
    }
    return number;
  }

  /** Features are null where not one vertex could be sampled. */
  private Resampled resample(Position at, Source source) {
    SE3 oldFromNew = source.newFromOld.inverse();
    float[] features = new float[FeatureGrid.BLOCK_VOXELS * grid.channels()];
    boolean[] sampled = new boolean[FeatureGrid.BLOCK_VOXELS];
    boolean any = false;
    double edge = grid.voxelEdge();
    for (int vertex = 0; vertex < sampled.length; vertex++) {
      double[] old =
          oldFromNew.apply(
              (EDGE * at.x + vertex % EDGE) * edge,
              (EDGE * at.y + vertex / EDGE % EDGE) * edge,
              (EDGE * at.z + vertex / (EDGE * EDGE)) * edge);
      sampled[vertex] = interpolate(old, features, vertex * grid.channels());
      any |= sampled[vertex];
    }
    return new Resampled(at, source.block, any ? features : null, sampled);
  }

  /** Writes the features at a point, or tells that a vertex around it is not allocated. */
  private boolean interpolate(double[] point, float[] into, int offset) {
    double x = point[0] / grid.voxelEdge();
    double y = point[1] / grid.voxelEdge();
    double z = point[2] / grid.voxelEdge();
    int i = (int) Math.floor(x);
    int j = (int) Math.floor(y);
    int k = (int) Math.floor(z);
    int channels = grid.channels();
    for (int corner = 0; corner < CORNERS; corner++) {
      int dx = corner & 1;
      int dy = corner >> 1 & 1;
      int dz = corner >> 2;
      float weight = (float) (share(x - i, dx) * share(y - j, dy) * share(z - k, dz));
      if (weight == 0) {
        continue;
      }
      int shift = FeatureGrid.BLOCK_SHIFT;
      int block = grid.blockAt((i + dx) >> shift, (j + dy) >> shift, (k + dz) >> shift);
      if (block < 0) {
        return false;
      }
      int last = EDGE - 1;
      int vertex = (((k + dz) & last) * EDGE + ((j + dy) & last)) * EDGE + ((i + dx) & last);
      float[] from = grid.block(block);
      for (int c = 0; c < channels; c++) {
        into[offset + c] += weight * from[vertex * channels + c];
      }
    }
    return true;
  }

  private static double share(double fraction, int upper) {
    return upper == 1 ? fraction : 1 - fraction;
  }
}
