// The level set 0 of a lattice's values as triangles (Lorensen and Cline 1987). Oracle: isosurface.MarchingCubes, whose
// vertices and faces come in the same order; a vertex lies on a lattice edge, 3 * point + axis.
//
// cube_cases: values [points], NaN where unknown -> cases [points] of the cells that begin there, 0 for no triangles;
// faces [points + 1], how many. cube_edges: axes [points], a bit for each edge that begins there and has a vertex;
// vertices [points + 1], how many. Both counts are then summed (prefix_sum.cu), and what follows has its places:
// cube_vertices: edges [vertices], positions [vertices, 3], normals [vertices, 3]. cube_faces: corners [faces, 3].
// One thread a point; the first two have one more.
#include "lattice.cuh"

namespace roomfield {

// As CubesPass.java writes it.
struct Cubes {
  const float* values;
  // CubeCases.table: entries table[c] to table[c + 1] - 1 are the edges of case c's triangles, from the cell's first on.
  const int* table;
  unsigned char* cases;
  unsigned char* axes;
  int* vertices;
  int* faces;
  Lattice lattice;
};

static_assert(sizeof(Cubes) == 88, "CubesPass.java");

__device__ __forceinline__ bool begins_cell(const Lattice& l, int point) {
  bool inside = true;
  for (int axis = 0; axis < 3; axis++) {
    int at = offset(l, point, axis);
    inside = inside && at >= l.border && at < size(l, axis) - 1 - l.border;
  }
  return inside;
}

__device__ __forceinline__ bool is_inside(float value) { return value > 0.f; }

// A bit for each corner that is inside; 0 also where a corner is unknown.
__device__ __forceinline__ int inside_corners(const Cubes& c, int point) {
  int inside = 0;
  for (int corner = 0; corner < 8; corner++) {
    int at = point;
    for (int axis = 0; axis < 3; axis++) {
      at += (corner >> axis & 1) * stride(c.lattice, axis);
    }
    float value = c.values[at];
    if (value != value) {
      return 0;
    }
    inside |= (is_inside(value) ? 1 : 0) << corner;
  }
  return inside;
}

// Whether an edge is cut and belongs to a cell with triangles.
__device__ __forceinline__ bool has_vertex(const Cubes& c, int point, int axis) {
  const Lattice& l = c.lattice;
  if (offset(l, point, axis) + 1 >= size(l, axis) ||
      is_inside(c.values[point]) == is_inside(c.values[point + stride(l, axis)])) {
    return false;
  }
  int u = (axis + 1) % 3;
  int v = (axis + 2) % 3;
  for (int back = 0; back < 4; back++) {
    int backU = back & 1;
    int backV = back >> 1;
    bool there = offset(l, point, u) >= backU && offset(l, point, v) >= backV;
    if (there && c.cases[point - backU * stride(l, u) - backV * stride(l, v)] != 0) {
      return true;
    }
  }
  return false;
}

// Central difference, one-sided beside unknown points and at the box's end.
__device__ __forceinline__ double derivative(const Cubes& c, int point, int axis) {
  const Lattice& l = c.lattice;
  int at = offset(l, point, axis);
  float here = c.values[point];
  float before = at > 0 ? c.values[point - stride(l, axis)] : unknown();
  float after = at < size(l, axis) - 1 ? c.values[point + stride(l, axis)] : unknown();
  if (before != before) {
    return after != after ? 0.0 : static_cast<double>(after - here);
  }
  return after != after ? static_cast<double>(here - before) : 0.5 * (after - before);
}

__device__ __forceinline__ void add_outward(const Cubes& c, int point, double weight, double (&normal)[3]) {
#pragma unroll
  for (int axis = 0; axis < 3; axis++) {
    normal[axis] -= weight * derivative(c, point, axis);
  }
}

}  // namespace roomfield

KERNEL cube_cases(roomfield::Cubes c) {
  using namespace roomfield;
  int point = thread_index();
  int points = point_count(c.lattice);
  if (point > points) {
    return;
  }
  int inside = point < points && begins_cell(c.lattice, point) ? inside_corners(c, point) : 0;
  if (point < points) {
    c.cases[point] = static_cast<unsigned char>(inside);
  }
  c.faces[point] = (c.table[inside + 1] - c.table[inside]) / 3;
}
EXPORT_KERNEL(cube_cases)

KERNEL cube_edges(roomfield::Cubes c) {
  using namespace roomfield;
  int point = thread_index();
  int points = point_count(c.lattice);
  if (point > points) {
    return;
  }
  int axes = 0;
  for (int axis = 0; axis < 3 && point < points; axis++) {
    axes |= (has_vertex(c, point, axis) ? 1 : 0) << axis;
  }
  if (point < points) {
    c.axes[point] = static_cast<unsigned char>(axes);
  }
  c.vertices[point] = __popc(axes);
}
EXPORT_KERNEL(cube_edges)

KERNEL cube_vertices(roomfield::Cubes c, int* edges, float* positions, float* normals) {
  using namespace roomfield;
  int point = thread_index();
  if (point >= point_count(c.lattice)) {
    return;
  }
  int vertex = c.vertices[point];
  for (int axis = 0; axis < 3; axis++) {
    if ((c.axes[point] >> axis & 1) == 0) {
      continue;
    }
    int end = point + stride(c.lattice, axis);
    double from = c.values[point];
    double to = c.values[end];
    double t = from / (from - to);
    double normal[3] = {0.0, 0.0, 0.0};
    add_outward(c, point, 1.0 - t, normal);
    add_outward(c, end, t, normal);
    double length = sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
    edges[vertex] = 3 * point + axis;
#pragma unroll
    for (int d = 0; d < 3; d++) {
      double along = first(c.lattice, d) + offset(c.lattice, point, d) + (d == axis ? t : 0.0);
      positions[3 * vertex + d] = static_cast<float>(along * c.lattice.spacing);
      // Where differences cancelled, the edge itself still knows which of its ends is outside.
      double straight = d != axis ? 0.0 : from > to ? 1.0 : -1.0;
      normals[3 * vertex + d] = static_cast<float>(length > 0.0 ? normal[d] / length : straight);
    }
    vertex++;
  }
}
EXPORT_KERNEL(cube_vertices)

KERNEL cube_faces(roomfield::Cubes c, int* corners) {
  using namespace roomfield;
  int point = thread_index();
  if (point >= point_count(c.lattice)) {
    return;
  }
  int inside = c.cases[point];
  int* to = corners + 3 * c.faces[point];
  for (int i = c.table[inside]; i < c.table[inside + 1]; i++) {
    int edge = 3 * point + c.table[i];
    int lower = (1 << edge % 3) - 1;
    *to++ = c.vertices[edge / 3] + __popc(c.axes[edge / 3] & lower);
  }
}
EXPORT_KERNEL(cube_faces)
