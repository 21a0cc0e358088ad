package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.isosurface.CubeCases;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;

/** Marching cubes as launches: count, sum, write; only the triangles come to the host. */
final class CubesPass {
  private final Workspace work;
  private final PrefixSum sums;

  CubesPass(Workspace work) {
    this.work = work;
    sums = new PrefixSum(work);
  }

  /**
   * The surface inside a lattice.
   *
   * @param lattice as {@link LatticePass#struct}
   * @param values {@code [points]}, NaN where unknown
   */
  LatticeSurface march(Struct lattice, LatticeBox box, DeviceBuffer values) {
    int points = box.pointCount();
    int[] table = CubeCases.table(box);
    DeviceBuffer cases = work.words("cube cases", table.length);
    cases.upload(work.stream(), table, 0, 0, table.length);
    DeviceBuffer vertices = work.words("vertices before a point", points + 1L);
    DeviceBuffer faces = work.words("faces before a cell", points + 1L);
    Struct cubes =
        new Struct()
            .buffer(values)
            .buffer(cases)
            .buffer(work.bytes("cases of cells", points))
            .buffer(work.bytes("vertices on axes", points))
            .buffer(vertices)
            .buffer(faces)
            .struct(lattice);
    launch("cube_cases", cubes, points + 1);
    launch("cube_edges", cubes, points + 1);
    int faceCount = sums.totalled(faces, points + 1);
    int vertexCount = sums.totalled(vertices, points + 1);
    return faceCount == 0 ? LatticeSurface.EMPTY : surface(cubes, points, vertexCount, faceCount);
  }

  private void launch(String kernel, Struct cubes, int threads) {
    work.arguments().struct(cubes.padded());
    work.launch(kernel, Grid.covering(threads, Workspace.THREADS));
  }

  private LatticeSurface surface(Struct cubes, int points, int vertexCount, int faceCount) {
    LatticeSurface surface =
        new LatticeSurface(
            new int[vertexCount],
            new float[3 * vertexCount],
            new float[3 * vertexCount],
            new int[3 * faceCount]);
    DeviceBuffer edges = work.words("vertices' edges", vertexCount);
    DeviceBuffer positions = work.words("vertices' positions", 3L * vertexCount);
    DeviceBuffer normals = work.words("vertices' normals", 3L * vertexCount);
    DeviceBuffer corners = work.words("faces' corners", 3L * faceCount);
    work.arguments().struct(cubes.padded()).buffer(edges).buffer(positions).buffer(normals);
    work.launch("cube_vertices", Grid.covering(points, Workspace.THREADS));
    work.arguments().struct(cubes.padded()).buffer(corners);
    work.launch("cube_faces", Grid.covering(points, Workspace.THREADS));
    edges.download(work.stream(), surface.edges(), 0, 0, vertexCount);
    positions.download(work.stream(), surface.positions(), 0, 0, 3 * vertexCount);
    normals.download(work.stream(), surface.normals(), 0, 0, 3 * vertexCount);
    corners.download(work.stream(), surface.faces(), 0, 0, 3 * faceCount);
    return surface;
  }
}
