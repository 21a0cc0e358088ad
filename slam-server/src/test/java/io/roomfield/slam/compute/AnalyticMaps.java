package io.roomfield.slam.compute;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.MapSnapshot;

/** Maps for {@link AnalyticBackend}: allocated blocks without meaning. */
public final class AnalyticMaps {
  private static final int CHANNELS = 4;
  private static final double FINE_VOXEL = 0.16;

  private AnalyticMaps() {}

  public static MapSnapshot empty() {
    return new MapSnapshot(1, field(grid(2 * FINE_VOXEL), grid(FINE_VOXEL)));
  }

  /** Blocks of all levels over the cube from -1.28 to 1.28 m. */
  public static MapSnapshot aroundOrigin() {
    FeatureGrid mid = grid(2 * FINE_VOXEL);
    FeatureGrid fine = grid(FINE_VOXEL);
    for (int corner = 0; corner < 8; corner++) {
      mid.allocate((corner & 1) - 1, (corner >> 1 & 1) - 1, (corner >> 2 & 1) - 1);
      fine.allocate((corner & 1) - 1, (corner >> 1 & 1) - 1, (corner >> 2 & 1) - 1);
    }
    return new MapSnapshot(1, field(mid, fine));
  }

  private static SceneField field(FeatureGrid mid, FeatureGrid fine) {
    return new SceneField(null, mid, fine, fine, null, null, null, null);
  }

  private static FeatureGrid grid(double voxelEdge) {
    return new FeatureGrid(voxelEdge, CHANNELS, 0, 0);
  }
}
