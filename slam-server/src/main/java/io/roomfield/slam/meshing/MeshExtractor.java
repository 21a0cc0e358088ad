package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;
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
 * least one keyframe sees within {@value #MARGIN_METRES} m (two lattice edges if that is more) of
 * its sensor depth. Points that are only ever farther in front than that are free by the sensor's
 * word and not evaluated. All others are unknown, and cells touching them have no triangles. A
 * triangle is kept if a keyframe sees it from its free side: the far side of a thin shell of
 * occupied space, which no camera has looked at, is not surface. Disconnected pieces below {@value
 * #MIN_PIECE_METRES} m are dropped.
 */
public final class MeshExtractor {
  private static final double MARGIN_METRES = 0.1;
  private static final double MIN_PIECE_METRES = 0.2;

  /** The margin in lattice edges at least: a cell on the surface must not touch unknown points. */
  private static final double MARGIN_EDGES = 2;

  /** Vertices that get colours in a call of the backend. */
  private static final int BATCH = 8192;

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
    FeatureGrid seen = map.field().colour();
    if (seen.blockCount() == 0 || keyframes.isEmpty()) {
      throw new IllegalStateException(
          "map version %d: %d blocks, %d keyframes (expected: at least one of each; nothing was mapped yet)"
              .formatted(map.version(), seen.blockCount(), keyframes.size()));
    }
    double spacing = request.resolutionMetres();
    float margin = (float) Math.max(MARGIN_METRES, MARGIN_EDGES * spacing);
    ObservedSpace observed = ObservedSpace.of(camera, keyframes, margin);
    List<LatticeBox> chunks = LatticeChunks.covering(seen, request);
    MeshBuilder mesh = new MeshBuilder();
    double share = request.colours() ? CHUNKS_SHARE : 1;
    for (int i = 0; i < chunks.size(); i++) {
      checkNotCancelled();
      addChunk(map, observed.within(chunks.get(i), spacing), chunks.get(i), spacing, mesh);
      progress.accept(share * (i + 1) / chunks.size());
    }
    TriangleMesh surface = MeshPieces.withoutSmall(mesh.build(), MIN_PIECE_METRES, request);
    return request.colours() ? coloured(map.field(), surface, progress) : surface;
  }

  private void addChunk(
      MapSnapshot map, ObservedSpace observed, LatticeBox box, double spacing, MeshBuilder mesh) {
    if (!observed.mayBeNear(box, spacing)) {
      return;
    }
    byte[] classes = observed.classify(box, spacing);
    forgetUnallocated(map.field().colour(), box, spacing, classes);
    OccupancyLattice lattice = new OccupancyLattice(box, spacing, LatticeChunks.BORDER, classes);
    int firstFace = mesh.faceCount();
    mesh.add(surface(map, lattice), box, LatticeChunks.BORDER);
    mesh.retainFaces(firstFace, face -> seenFromOutside(observed, mesh, face));
  }

  /** Points near a surface that the map has nothing at are unknown. */
  private static void forgetUnallocated(
      FeatureGrid grid, LatticeBox box, double spacing, byte[] classes) {
    LatticeChunks.Allocation allocated = new LatticeChunks.Allocation(grid, box, spacing);
    for (int z = 0; z < box.sizeZ(); z++) {
      for (int y = 0; y < box.sizeY(); y++) {
        for (int x = 0; x < box.sizeX(); x++) {
          int at = box.index(x, y, z);
          if (classes[at] == ObservedSpace.NEAR && !allocated.has(x, y, z)) {
            classes[at] = ObservedSpace.UNKNOWN;
          }
        }
      }
    }
  }

  private LatticeSurface surface(MapSnapshot map, OccupancyLattice lattice) {
    try {
      return backend.surface(map.field(), lattice);
    } catch (ArithmeticException e) {
      throw new IllegalStateException(
          "map version %d: %s".formatted(map.version(), e.getMessage()), e);
    }
  }

  /** Asks at a face's centre, with its vertices' normals: a sliver's own is not reliable. */
  private static boolean seenFromOutside(ObservedSpace observed, MeshBuilder mesh, int face) {
    return observed.seenFromOutside(mesh.faceCentre(face), mesh.faceNormal(face));
  }

  private TriangleMesh coloured(SceneField field, TriangleMesh mesh, DoubleConsumer progress) {
    byte[] colours = new byte[mesh.positions().length];
    float[] points = new float[3 * BATCH];
    float[] logits = new float[BATCH];
    float[] values = new float[3 * BATCH];
    for (int from = 0; from < mesh.vertexCount(); from += BATCH) {
      checkNotCancelled();
      int count = Math.min(BATCH, mesh.vertexCount() - from);
      System.arraycopy(mesh.positions(), 3 * from, points, 0, 3 * count);
      backend.evaluate(field, FieldStage.COLOUR, points, count, logits, values);
      for (int i = 0; i < 3 * count; i++) {
        colours[3 * from + i] = (byte) Math.round(255 * Math.clamp(values[i], 0f, 1f));
      }
      double done = (double) (from + count) / mesh.vertexCount();
      progress.accept(CHUNKS_SHARE + (1 - CHUNKS_SHARE) * done);
    }
    progress.accept(1);
    return new TriangleMesh(mesh.positions(), mesh.normals(), colours, mesh.faces());
  }

  private static void checkNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("mesh extraction was interrupted");
    }
  }
}
