package io.roomfield.slam.meshing;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a chunk's surface is made of. Where two are equal, so is the surface; colours also depend on
 * the colour decoder, which every mapping round changes a little.
 *
 * @param stamps of the blocks whose features are read ({@link FeatureGrid#stamp}), level by level
 * @param views that may see something of the chunk
 * @param network version of the map where one network gives everything; otherwise 0
 */
record ChunkSources(List<Long> stamps, List<DepthView> views, long network) {
  static ChunkSources of(MapSnapshot map, ObservedSpace seen, LatticeBox box, double spacing) {
    List<Long> stamps = new ArrayList<>();
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = map.field().grid(level);
      if (grid != null && level != FieldLevel.COARSE) {
        addStamps(grid, box, spacing, stamps);
      }
    }
    long network = map.field().isJoint() ? map.version() : 0;
    return new ChunkSources(stamps, seen.within(box, spacing).views(), network);
  }

  private static void addStamps(
      FeatureGrid grid, LatticeBox box, double spacing, List<Long> stamps) {
    double scale = spacing / grid.voxelEdge();
    int[] first = new int[3];
    int[] last = new int[3];
    for (int d = 0; d < 3; d++) {
      first[d] = block(box.first(d) * scale, 0);
      last[d] = block((box.first(d) + box.size(d) - 1) * scale, 1);
    }
    for (int z = first[2]; z <= last[2]; z++) {
      for (int y = first[1]; y <= last[1]; y++) {
        for (int x = first[0]; x <= last[0]; x++) {
          int number = grid.blockAt(x, y, z);
          stamps.add(number < 0 ? 0 : grid.stamp(number));
        }
      }
    }
  }

  /** The block of a voxel's vertex, or of the vertex after it. */
  private static int block(double voxels, int next) {
    return Math.floorDiv((int) Math.floor(voxels) + next, FeatureGrid.BLOCK_EDGE);
  }
}
