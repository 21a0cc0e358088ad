package io.roomfield.slam.meshing;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.isosurface.LatticeBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Cuts the lattice over a grid's allocated blocks into chunks, so that memory stays bounded. */
final class LatticeChunks {
  /** Layers of points around a chunk's cells, for gradients. */
  static final int BORDER = 1;

  /** Cells along a chunk's edge, where a mesh is wanted as a whole. */
  static final int CELLS = 64;

  /** Chunk coordinates; ordered by z, then y, then x. */
  private record Chunk(int x, int y, int z) implements Comparable<Chunk> {
    @Override
    public int compareTo(Chunk o) {
      return z != o.z
          ? Integer.compare(z, o.z)
          : y != o.y ? Integer.compare(y, o.y) : Integer.compare(x, o.x);
    }
  }

  private LatticeChunks() {}

  /**
   * Boxes of points, each with a border of {@value #BORDER}, whose cells together cover every
   * allocated block inside the requested box; no two share a cell.
   *
   * @param cells along a chunk's edge
   * @throws IllegalStateException if the map extends over more lattice points than can be numbered
   */
  static List<LatticeBox> covering(FeatureGrid grid, MeshRequest request, int cells) {
    double scale = FeatureGrid.BLOCK_EDGE * grid.voxelEdge() / (cells * request.resolutionMetres());
    Set<Chunk> chunks = new TreeSet<>();
    for (int i = 0; i < grid.blockCount(); i++) {
      int endX = ceil((grid.blockX(i) + 1) * scale);
      int endY = ceil((grid.blockY(i) + 1) * scale);
      int endZ = ceil((grid.blockZ(i) + 1) * scale);
      for (int z = floor(grid.blockZ(i) * scale); z < endZ; z++) {
        for (int y = floor(grid.blockY(i) * scale); y < endY; y++) {
          for (int x = floor(grid.blockX(i) * scale); x < endX; x++) {
            chunks.add(new Chunk(x, y, z));
          }
        }
      }
    }
    List<LatticeBox> boxes = new ArrayList<>();
    for (Chunk chunk : chunks) {
      int[] x = span(chunk.x() * (long) cells, cells, 0, request);
      int[] y = span(chunk.y() * (long) cells, cells, 1, request);
      int[] z = span(chunk.z() * (long) cells, cells, 2, request);
      if (x[1] > 0 && y[1] > 0 && z[1] > 0) {
        boxes.add(withBorder(x, y, z));
      }
    }
    return boxes;
  }

  /** First cell and number of cells of a chunk along an axis, inside the requested box. */
  private static int[] span(long chunkFirst, int cells, int axis, MeshRequest request) {
    long first = chunkFirst;
    long end = first + cells;
    if (request.boxMin() != null) {
      first = Math.max(first, floor(request.boxMin()[axis] / request.resolutionMetres()));
      end = Math.min(end, floor(request.boxMax()[axis] / request.resolutionMetres()) + 1L);
    }
    if (first - BORDER < -EdgeIndex.INDEX_LIMIT || end + BORDER >= EdgeIndex.INDEX_LIMIT) {
      throw new IllegalStateException(
          "map reaches lattice index %d along %s (expected: within +- %d; take a coarser resolution)"
              .formatted(first, "xyz".charAt(axis), EdgeIndex.INDEX_LIMIT));
    }
    return new int[] {(int) first, (int) (end - first)};
  }

  private static LatticeBox withBorder(int[] x, int[] y, int[] z) {
    int extra = 1 + 2 * BORDER; // n cells have n + 1 points
    return new LatticeBox(
        x[0] - BORDER, y[0] - BORDER, z[0] - BORDER, x[1] + extra, y[1] + extra, z[1] + extra);
  }

  private static int floor(double value) {
    return (int) Math.floor(value);
  }

  private static int ceil(double value) {
    return (int) Math.ceil(value);
  }

  /** Which points of a box lie in allocated blocks of a grid. */
  static final class Allocation {
    private final FeatureGrid grid;
    private final int[] blockX;
    private final int[] blockY;
    private final int[] blockZ;

    Allocation(FeatureGrid grid, LatticeBox box, double spacing) {
      this.grid = grid;
      double scale = spacing / (FeatureGrid.BLOCK_EDGE * grid.voxelEdge());
      blockX = blocks(box.x(), box.sizeX(), scale);
      blockY = blocks(box.y(), box.sizeY(), scale);
      blockZ = blocks(box.z(), box.sizeZ(), scale);
    }

    /** Whether the block around the point at these offsets from the box's first is allocated. */
    boolean has(int dx, int dy, int dz) {
      return grid.blockAt(blockX[dx], blockY[dy], blockZ[dz]) >= 0;
    }

    private static int[] blocks(int first, int size, double scale) {
      int[] blocks = new int[size];
      for (int i = 0; i < size; i++) {
        blocks[i] = floor((first + i) * scale);
      }
      return blocks;
    }
  }
}
