package io.roomfield.slam;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.SyntheticSequence;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;

/**
 * Fusing one noisy VGA frame of a furnished room into a map that has its blocks already, at the
 * voxels of the default preset.
 */
final class FusionBenchmark {
  private static final double FINE_VOXEL = 0.08;
  private static final long SEED = 7;

  private final ComputeBackend backend;
  private final int repeats;

  FusionBenchmark(ComputeBackend backend, int repeats) {
    this.backend = backend;
    this.repeats = repeats;
  }

  double medianMillis() {
    SyntheticSequence room = new SyntheticSequence(SEED, 1, true);
    short[] raw = room.render(0).depthRaw();
    float[] depthMetres = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      depthMetres[i] = (float) (Short.toUnsignedInt(raw[i]) / room.depthScale());
    }
    SE3 pose = room.pose(0);
    DepthFusion fusion = new DepthFusion(FusedDepth.beside(FINE_VOXEL), backend);
    return MedianTime.millis(repeats, () -> fusion.integrate(depthMetres, room.camera(), pose));
  }
}
