package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;

/**
 * The surface of a map as triangles (algorithm, section 5): level set 0 of the fine stage's
 * occupancy logit by marching cubes, where keyframes have seen the space.
 *
 * <p>Of the lattice points, the map is asked only for those in allocated colour blocks that at
 * least one keyframe sees within 0.1 m (two lattice edges if that is more) of its sensor depth.
 * Points that are only ever farther in front than that are free by the sensor's word and not
 * evaluated. All others are unknown, and cells touching them have no triangles. A triangle is kept
 * if a keyframe sees it from its free side: the far side of a thin shell of occupied space, which
 * no camera has looked at, is not surface. Disconnected pieces below {@value #MIN_PIECE_METRES} m
 * are dropped.
 */
public final class MeshExtractor {
  static final double MIN_PIECE_METRES = 0.2;

  /** Share of the progress that chunks take where vertices get colours. */
  private static final double CHUNKS_SHARE = 0.9;

  private final ComputeBackend backend;

  public MeshExtractor(ComputeBackend backend) {
    this.backend = backend;
  }

  /**
   * Extracts a mesh.
   *
   * @param camera of the keyframes
   * @param keyframes that say what was seen
   * @param progress told the finished share, 0 to 1, ascending
   * @return a mesh with normals, and with colours where the request wants them; empty where no
   *     surface was seen
   * @throws IllegalStateException if the map or the list of keyframes is empty, or the map's values
   *     are not finite
   * @throws CancellationException soon after the thread was interrupted
   */
  public TriangleMesh extract(
      MapSnapshot map,
      PinholeCamera camera,
      List<Keyframe> keyframes,
      MeshRequest request,
      DoubleConsumer progress) {
    FeatureGrid grid = map.field().colour();
    if (grid.blockCount() == 0 || keyframes.isEmpty()) {
      throw new IllegalStateException(
          "map version %d: %d blocks, %d keyframes (expected: at least one of each; nothing was mapped yet)"
              .formatted(map.version(), grid.blockCount(), keyframes.size()));
    }
    double spacing = request.resolutionMetres();
    ObservedSpace observed =
        ObservedSpace.of(camera, keyframes, ChunkExtractor.marginMetres(spacing));
    ChunkExtractor extractor = new ChunkExtractor(backend, spacing);
    List<LatticeBox> chunks = LatticeChunks.covering(grid, request, LatticeChunks.CELLS);
    MeshBuilder mesh = new MeshBuilder();
    double share = request.colours() ? CHUNKS_SHARE : 1;
    for (int i = 0; i < chunks.size(); i++) {
      ChunkExtractor.checkNotCancelled();
      LatticeBox box = chunks.get(i);
      mesh.add(extractor.surface(map, observed, box), box, LatticeChunks.BORDER);
      progress.accept(share * (i + 1) / chunks.size());
    }
    TriangleMesh surface = MeshPieces.withoutSmall(mesh.build(), MIN_PIECE_METRES, request);
    return request.colours() ? coloured(extractor, map, surface, progress) : surface;
  }

  private static TriangleMesh coloured(
      ChunkExtractor extractor, MapSnapshot map, TriangleMesh mesh, DoubleConsumer progress) {
    double remaining = (1 - CHUNKS_SHARE) / Math.max(1, mesh.vertexCount());
    byte[] colours =
        extractor.colours(
            map.field(),
            mesh.positions(),
            done -> progress.accept(CHUNKS_SHARE + remaining * done));
    progress.accept(1);
    return new TriangleMesh(mesh.positions(), mesh.normals(), colours, mesh.faces());
  }
}
