package io.roomfield.slam.compute;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.isosurface.ScalarLattice;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

/** A field's surface in a lattice by a backend's {@code evaluate}, batch after batch. */
final class HostSurface {
  /** Points per call of the backend. */
  private static final int BATCH = 8192;

  private final ComputeBackend backend;
  private final SceneField field;
  private final OccupancyLattice lattice;
  private final float[] values;

  /** The lattice points of the batch. */
  private final int[] asked = new int[BATCH];

  private final float[] points = new float[3 * BATCH];
  private final float[] logits = new float[BATCH];

  private HostSurface(ComputeBackend backend, SceneField field, OccupancyLattice lattice) {
    this.backend = backend;
    this.field = field;
    this.lattice = lattice;
    values = new float[lattice.classes().length];
  }

  /** See {@link ComputeBackend#surface}. */
  static LatticeSurface of(ComputeBackend backend, SceneField field, OccupancyLattice lattice) {
    HostSurface surface = new HostSurface(backend, field, lattice);
    surface.evaluate();
    return MarchingCubes.march(
        new ScalarLattice(lattice.box(), lattice.spacing(), surface.values), lattice.border());
  }

  private void evaluate() {
    Arrays.fill(values, Float.NaN);
    int count = 0;
    for (int point = 0; point < values.length; point++) {
      byte known = lattice.classes()[point];
      if (known == OccupancyLattice.FREE) {
        values[point] = OccupancyLattice.FREE_LOGIT;
      } else if (known == OccupancyLattice.NEAR) {
        asked[count++] = point;
        if (count == BATCH) {
          evaluate(count);
          count = 0;
        }
      }
    }
    if (count > 0) {
      evaluate(count);
    }
  }

  private void evaluate(int count) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("evaluation of a lattice was interrupted");
    }
    for (int i = 0; i < count; i++) {
      for (int axis = 0; axis < 3; axis++) {
        points[3 * i + axis] = lattice.metres(asked[i], axis);
      }
    }
    backend.evaluate(field, FieldStage.FINE, points, count, logits, null);
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(logits[i])) {
        throw lattice.notFinite(asked[i], logits[i]);
      }
      values[asked[i]] = logits[i];
    }
  }
}
