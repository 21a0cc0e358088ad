package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;

/**
 * A field's surface in a lattice as launches. The device makes the points and keeps their values; a
 * byte a point goes there, and triangles come back. Meanwhile it holds some 40 bytes a point.
 */
final class LatticePass {
  private final Workspace work;
  private final OccupancyLattice lattice;
  private final int points;

  LatticePass(Workspace work, OccupancyLattice lattice) {
    this.work = work;
    this.lattice = lattice;
    points = lattice.box().pointCount();
  }

  /** {@code struct Lattice} of lattice.cuh. */
  static Struct struct(LatticeBox box, double spacing, int border) {
    return new Struct()
        .f64(spacing)
        .i32(box.x(), box.y(), box.z(), box.sizeX(), box.sizeY(), box.sizeZ(), border);
  }

  /** See {@code ComputeBackend.surface}. */
  LatticeSurface surface(FieldView view) {
    DeviceBuffer classes = work.bytes("lattice classes", points);
    classes.upload(work.stream(), lattice.classes(), 0, 0, points);
    DeviceBuffer asked = work.words("lattice points asked", points + 1L);
    work.arguments().buffer(classes).i32(points).buffer(asked);
    work.launch("lattice_asked", Grid.covering(points + 1L, Workspace.THREADS));
    int count = new PrefixSum(work).totalled(asked, points + 1);
    if (count == 0) {
      return LatticeSurface.EMPTY;
    }
    Struct place = struct(lattice.box(), lattice.spacing(), lattice.border());
    DeviceBuffer coordinates = work.words("sample points", 3L * count);
    work.arguments().struct(place.padded()).buffer(classes).buffer(asked).buffer(coordinates);
    work.launch("lattice_points", Grid.covering(points, Workspace.THREADS));
    PointPass pass = new PointPass(work);
    pass.decode(view, coordinates, count);
    DeviceBuffer values = values(view, pass, classes, asked, count);
    return new CubesPass(work).march(place, lattice.box(), values);
  }

  private DeviceBuffer values(
      FieldView view, PointPass pass, DeviceBuffer classes, DeviceBuffer asked, int count) {
    DeviceBuffer values = work.words("lattice values", points);
    DeviceBuffer notFinite = work.words("lattice point not finite", 1);
    notFinite.fill(work.stream(), Integer.MAX_VALUE, 0, 1);
    work.arguments()
        .buffer(classes)
        .i32(points)
        .buffer(asked)
        .buffer(pass.outputs(view.base(), count))
        .i32(view.base().outputs())
        .buffer(view.fine() == null ? null : pass.outputs(view.fine(), count))
        .buffer(values)
        .buffer(notFinite);
    work.launch("lattice_values", Grid.covering(points, Workspace.THREADS));
    int[] first = new int[1];
    notFinite.download(work.stream(), first, 0, 0, 1);
    if (first[0] < points) {
      float[] logit = new float[1];
      values.download(work.stream(), logit, first[0], 0, 1);
      throw lattice.notFinite(first[0], logit[0]);
    }
    return values;
  }
}
