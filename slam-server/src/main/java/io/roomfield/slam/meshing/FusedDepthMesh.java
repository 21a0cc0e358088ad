package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.ScalarLattice;

/**
 * The surface of a fused depth as triangles: its zero level by marching cubes, in cells whose eight
 * vertices were seen.
 */
public final class FusedDepthMesh {
  private static final int BORDER = LatticeChunks.BORDER;

  /** Points along a block's box: its cells' corners and a border. */
  private static final int POINTS = FusedDepth.BLOCK_EDGE + 1 + 2 * BORDER;

  private static final int BLOCK_LIMIT = EdgeIndex.INDEX_LIMIT / FusedDepth.BLOCK_EDGE - 1;

  private FusedDepthMesh() {}

  /**
   * Extracts the mesh; it must not change meanwhile.
   *
   * @return a mesh with normals towards free space, without colours
   * @throws IllegalStateException if the map reaches farther than lattice points can be numbered
   */
  public static TriangleMesh extract(FusedDepth map) {
    MeshBuilder mesh = new MeshBuilder();
    for (int block = 0; block < map.blockCount(); block++) {
      LatticeBox box = box(map, block);
      float[] values = new float[box.pointCount()];
      if (fill(map, box, values)) {
        ScalarLattice lattice = new ScalarLattice(box, map.voxelEdge(), values);
        mesh.add(MarchingCubes.march(lattice, BORDER), box, BORDER);
      }
    }
    return mesh.build();
  }

  private static LatticeBox box(FusedDepth map, int block) {
    int x = map.blockX(block);
    int y = map.blockY(block);
    int z = map.blockZ(block);
    if (Math.max(Math.abs(x), Math.max(Math.abs(y), Math.abs(z))) >= BLOCK_LIMIT) {
      throw new IllegalStateException(
          "fused depth: a block at (%d, %d, %d) (expected: within +- %d)"
              .formatted(x, y, z, BLOCK_LIMIT));
    }
    int edge = FusedDepth.BLOCK_EDGE;
    return new LatticeBox(
        edge * x - BORDER, edge * y - BORDER, edge * z - BORDER, POINTS, POINTS, POINTS);
  }

  /** Writes a box's values, positive inside; returns whether one is. */
  private static boolean fill(FusedDepth map, LatticeBox box, float[] values) {
    boolean anyInside = false;
    for (int z = 0; z < POINTS; z++) {
      for (int y = 0; y < POINTS; y++) {
        for (int x = 0; x < POINTS; x++) {
          float value = -map.vertex(box.x() + x, box.y() + y, box.z() + z);
          values[box.index(x, y, z)] = value;
          anyInside |= value > 0;
        }
      }
    }
    return anyInside;
  }
}
