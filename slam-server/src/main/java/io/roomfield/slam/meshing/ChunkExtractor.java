package io.roomfield.slam.meshing;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;

/** The surface in one chunk of the lattice as far as keyframes have seen it, and its colours. */
final class ChunkExtractor {
  private static final double MARGIN_METRES = 0.1;

  /** The margin in lattice edges at least: a cell on the surface must not touch unknown points. */
  private static final double MARGIN_EDGES = 2;

  /** Vertices that get colours in a call of the backend. */
  private static final int BATCH = 8192;

  private final ComputeBackend backend;
  private final double spacing;

  ChunkExtractor(ComputeBackend backend, double spacing) {
    this.backend = backend;
    this.spacing = spacing;
  }

  /** How far from a reading a point of a lattice counts as near the surface. */
  static float marginMetres(double spacing) {
    return (float) Math.max(MARGIN_METRES, MARGIN_EDGES * spacing);
  }

  /**
   * The triangles of a chunk's cells that are seen from outside.
   *
   * @param seen what keyframes saw; of this box at least
   * @param box points with a border of {@link LatticeChunks#BORDER}
   * @throws IllegalStateException if the map's values are not finite
   */
  LatticeSurface surface(MapSnapshot map, ObservedSpace seen, LatticeBox box) {
    ObservedSpace observed = seen.within(box, spacing);
    if (!observed.mayBeNear(box, spacing)) {
      return LatticeSurface.EMPTY;
    }
    byte[] classes = observed.classify(box, spacing);
    forgetUnallocated(map.field().colour(), box, classes);
    OccupancyLattice lattice = new OccupancyLattice(box, spacing, LatticeChunks.BORDER, classes);
    return seenFromOutside(observed, surface(map, lattice));
  }

  /** Points near a surface that the map has nothing at are unknown. */
  private void forgetUnallocated(FeatureGrid grid, LatticeBox box, byte[] classes) {
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
  private static LatticeSurface seenFromOutside(ObservedSpace observed, LatticeSurface surface) {
    int[] faces = surface.faces();
    int[] kept = new int[faces.length];
    int length = 0;
    for (int from = 0; from < faces.length; from += 3) {
      double[] centre = cornerMean(surface.positions(), faces, from);
      if (observed.seenFromOutside(centre, cornerMean(surface.normals(), faces, from))) {
        System.arraycopy(faces, from, kept, length, 3);
        length += 3;
      }
    }
    return new LatticeSurface(
        surface.edges(), surface.positions(), surface.normals(), Arrays.copyOf(kept, length));
  }

  private static double[] cornerMean(float[] triples, int[] faces, int from) {
    double[] mean = new double[3];
    for (int corner = 0; corner < 3; corner++) {
      for (int d = 0; d < 3; d++) {
        mean[d] += triples[3 * faces[from + corner] + d] / 3;
      }
    }
    return mean;
  }

  /**
   * The field's colours at points.
   *
   * @param positions {@code [points, 3]} world metres
   * @param done told how many points have theirs
   * @return {@code [points, 3]} red, green, blue
   */
  byte[] colours(SceneField field, float[] positions, IntConsumer done) {
    int all = positions.length / 3;
    byte[] colours = new byte[positions.length];
    float[] points = new float[3 * BATCH];
    float[] logits = new float[BATCH];
    float[] values = new float[3 * BATCH];
    for (int from = 0; from < all; from += BATCH) {
      checkNotCancelled();
      int count = Math.min(BATCH, all - from);
      System.arraycopy(positions, 3 * from, points, 0, 3 * count);
      backend.evaluate(field, FieldStage.COLOUR, points, count, logits, values);
      for (int i = 0; i < 3 * count; i++) {
        colours[3 * from + i] = (byte) Math.round(255 * Math.clamp(values[i], 0f, 1f));
      }
      done.accept(from + count);
    }
    return colours;
  }

  /**
   * @throws CancellationException if the thread was interrupted
   */
  static void checkNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("mesh extraction was interrupted");
    }
  }
}
