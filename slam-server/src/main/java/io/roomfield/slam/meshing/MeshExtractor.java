package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.List;
import java.util.function.DoubleConsumer;

/** The surface of a map. (Skeleton; the mesher is being written.) */
public final class MeshExtractor {
  @SuppressWarnings("UnusedVariable")
  public MeshExtractor(ComputeBackend backend) {}

  /**
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   */
  public TriangleMesh extract(
      MapSnapshot map,
      PinholeCamera camera,
      List<Keyframe> keyframes,
      MeshRequest request,
      DoubleConsumer progress) {
    return new TriangleMesh(new float[0], new float[0], new byte[0], new int[0]);
  }
}
