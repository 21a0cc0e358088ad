package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * The mesh of a map that grows: the same triangles as {@link MeshExtractor}'s, in chunks, of which
 * only those are extracted again whose blocks or views have changed. For one thread.
 */
public final class LiveMesh {
  /** Edge of a chunk: a block's of the fine grid in all presets but the coarsest. */
  private static final double CHUNK_METRES = 0.64;

  private static final int MIN_CELLS = 8;
  private static final int MAX_SIGHTINGS = 255;

  private final PinholeCamera camera;
  private final MeshRequest request;
  private final int cells;
  private final ChunkExtractor extractor;

  /** Each as long as its keyframe does not move. */
  private final Map<Keyframe, DepthView> views = new HashMap<>();

  private final Map<LatticeBox, Chunk> chunks = new LinkedHashMap<>();

  /** A chunk as it is, and which of its faces were told. */
  private static final class Chunk {
    ChunkSources sources;
    LatticeSurface surface = LatticeSurface.EMPTY;
    boolean isStale;
    int[] told = LatticeSurface.EMPTY.faces();
  }

  /**
   * @param camera of the keyframes
   * @param resolutionMetres edge of the lattice, as {@link MeshRequest}
   */
  public LiveMesh(ComputeBackend backend, PinholeCamera camera, double resolutionMetres) {
    this.camera = camera;
    request = new MeshRequest(resolutionMetres, null, null, true);
    cells = Math.clamp(Math.round(CHUNK_METRES / resolutionMetres), MIN_CELLS, LatticeChunks.CELLS);
    extractor = new ChunkExtractor(backend, resolutionMetres);
  }

  /**
   * Brings the mesh up to a map.
   *
   * @param keyframes that say what was seen
   * @return the chunks that have changed since the last call; of the first, all that have a surface
   * @throws IllegalStateException if the map's values are not finite
   * @throws CancellationException soon after the thread was interrupted; the mesh is of no use then
   */
  public List<MeshPatch> update(MapSnapshot map, List<Keyframe> keyframes) {
    ObservedSpace observed = new ObservedSpace(views(keyframes));
    double spacing = request.resolutionMetres();
    for (LatticeBox box : LatticeChunks.covering(map.field().colour(), request, cells)) {
      ChunkExtractor.checkNotCancelled();
      Chunk chunk = chunks.computeIfAbsent(box, added -> new Chunk());
      ChunkSources sources = ChunkSources.of(map, observed, box, spacing);
      if (!sources.equals(chunk.sources)) {
        chunk.sources = sources;
        chunk.surface = extractor.surface(map, observed, box);
        chunk.isStale = true;
      }
    }
    return patches(map);
  }

  private List<DepthView> views(List<Keyframe> keyframes) {
    float margin = ChunkExtractor.marginMetres(request.resolutionMetres());
    List<DepthView> all = new ArrayList<>();
    for (Keyframe keyframe : keyframes) {
      DepthView view = views.get(keyframe);
      if (view == null || !view.worldFromCamera().equals(keyframe.worldFromCamera())) {
        view = new DepthView(camera, keyframe, margin);
        views.put(keyframe, view);
      }
      all.add(view);
    }
    return all;
  }

  /** Small pieces are known only when all chunks are put together. */
  private List<MeshPatch> patches(MapSnapshot map) {
    MeshBuilder all = new MeshBuilder();
    chunks.forEach((box, chunk) -> all.add(chunk.surface, box, LatticeChunks.BORDER));
    BitSet large = MeshPieces.large(all.build(), MeshExtractor.MIN_PIECE_METRES, request);
    List<MeshPatch> patches = new ArrayList<>();
    int firstFace = 0;
    for (Map.Entry<LatticeBox, Chunk> entry : chunks.entrySet()) {
      Chunk chunk = entry.getValue();
      int[] faces = kept(chunk.surface, large, firstFace);
      firstFace += chunk.surface.faceCount();
      boolean any = faces.length > 0 || chunk.told.length > 0;
      if (any && (chunk.isStale || !Arrays.equals(faces, chunk.told))) {
        patches.add(patch(map, entry.getKey(), chunk, faces));
      }
      chunk.isStale = false;
      chunk.told = faces;
    }
    return patches;
  }

  private static int[] kept(LatticeSurface surface, BitSet large, int firstFace) {
    int[] kept = new int[surface.faces().length];
    int length = 0;
    for (int face = 0; face < surface.faceCount(); face++) {
      if (large.get(firstFace + face)) {
        System.arraycopy(surface.faces(), 3 * face, kept, length, 3);
        length += 3;
      }
    }
    return Arrays.copyOf(kept, length);
  }

  private MeshPatch patch(MapSnapshot map, LatticeBox box, Chunk chunk, int[] faces) {
    LatticeSurface surface = chunk.surface;
    TriangleMesh mesh =
        MeshPieces.compacted(
            new TriangleMesh(surface.positions(), surface.normals(), null, surface.faces()), faces);
    byte[] colours = extractor.colours(map.field(), mesh.positions(), done -> {});
    return new MeshPatch(
        Math.floorDiv(box.x() + LatticeChunks.BORDER, cells),
        Math.floorDiv(box.y() + LatticeChunks.BORDER, cells),
        Math.floorDiv(box.z() + LatticeChunks.BORDER, cells),
        map.version(),
        new TriangleMesh(mesh.positions(), mesh.normals(), colours, mesh.faces()),
        sightings(new ObservedSpace(chunk.sources.views()), mesh));
  }

  private static byte[] sightings(ObservedSpace observed, TriangleMesh mesh) {
    byte[] sightings = new byte[mesh.vertexCount()];
    double[] point = new double[3];
    double[] normal = new double[3];
    for (int vertex = 0; vertex < sightings.length; vertex++) {
      for (int d = 0; d < 3; d++) {
        point[d] = mesh.positions()[3 * vertex + d];
        normal[d] = mesh.normals()[3 * vertex + d];
      }
      sightings[vertex] = (byte) Math.min(MAX_SIGHTINGS, observed.sightings(point, normal));
    }
    return sightings;
  }
}
