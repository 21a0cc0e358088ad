package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
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

  /** Logit of points that are free by the sensor's word. */
  private static final float FREE_LOGIT = -1f;

  /** Points per call of the backend. */
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
    float[] logits = new float[classes.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = classes[i] == ObservedSpace.FREE ? FREE_LOGIT : Float.NaN;
    }
    ScalarLattice lattice = new ScalarLattice(box, spacing, logits);
    if (evaluateNear(map, lattice, classes)) {
      int firstFace = mesh.faceCount();
      MarchingCubes.march(lattice, LatticeChunks.BORDER, mesh);
      mesh.retainFaces(firstFace, face -> seenFromOutside(observed, mesh, face));
    }
  }

  /** Writes the logits of the points near a surface; returns whether one of them is inside. */
  private boolean evaluateNear(MapSnapshot map, ScalarLattice lattice, byte[] classes) {
    LatticeBox box = lattice.box();
    LatticeChunks.Allocation allocated =
        new LatticeChunks.Allocation(map.field().colour(), box, lattice.spacing());
    PointBatch batch = new PointBatch(map, lattice.values());
    for (int z = 0; z < box.sizeZ(); z++) {
      for (int y = 0; y < box.sizeY(); y++) {
        for (int x = 0; x < box.sizeX(); x++) {
          int at = box.index(x, y, z);
          if (classes[at] == ObservedSpace.NEAR && allocated.has(x, y, z)) {
            batch.add(
                at,
                (float) ((box.x() + x) * lattice.spacing()),
                (float) ((box.y() + y) * lattice.spacing()),
                (float) ((box.z() + z) * lattice.spacing()));
          }
        }
      }
    }
    batch.flush();
    return batch.anyInside;
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

  /** Gathers points until there are enough for a call of the backend. */
  private final class PointBatch {
    private final MapSnapshot map;
    private final float[] into;
    private final int[] slots = new int[BATCH];
    private final float[] points = new float[3 * BATCH];
    private final float[] logits = new float[BATCH];
    private int count;
    private boolean anyInside;

    PointBatch(MapSnapshot map, float[] into) {
      this.map = map;
      this.into = into;
    }

    void add(int slot, float x, float y, float z) {
      slots[count] = slot;
      points[3 * count] = x;
      points[3 * count + 1] = y;
      points[3 * count + 2] = z;
      if (++count == BATCH) {
        flush();
      }
    }

    void flush() {
      checkNotCancelled();
      if (count == 0) {
        return;
      }
      backend.evaluate(map.field(), FieldStage.FINE, points, count, logits, null);
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(logits[i])) {
          throw new IllegalStateException(
              "map version %d: logit %s at (%.3f, %.3f, %.3f) m (expected: finite)"
                  .formatted(
                      map.version(),
                      logits[i],
                      points[3 * i],
                      points[3 * i + 1],
                      points[3 * i + 2]));
        }
        into[slots[i]] = logits[i];
        anyInside |= logits[i] > 0;
      }
      count = 0;
    }
  }
}
