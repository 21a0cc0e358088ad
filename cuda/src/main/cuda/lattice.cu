// The points of a lattice that the map is asked at, and a lattice's values (OccupancyLattice tells the classes).
// Oracle: compute.HostSurface.
//
// lattice_asked: classes [points] -> asked [points + 1], 1 where the map is asked, to be summed (prefix_sum.cu).
// lattice_points: asked, summed -> coordinates [asked, 3] world metres, in the lattice's order.
// lattice_values: the field's outputs there, base `stride` floats apart and fine [asked] or null -> values [points], NaN
// where unknown; notFinite [1], the least point whose logit is not finite (the largest int must be there before).
// One thread a point; lattice_asked has one more.
#include "lattice.cuh"

namespace roomfield {

// OccupancyLattice.FREE and NEAR, and FREE_LOGIT.
constexpr unsigned char kFree = 1;
constexpr unsigned char kNear = 2;
constexpr float kFreeLogit = -1.f;

}  // namespace roomfield

KERNEL lattice_asked(const unsigned char* classes, int points, int* asked) {
  using namespace roomfield;
  int point = thread_index();
  if (point <= points) {
    asked[point] = point < points && classes[point] == kNear ? 1 : 0;
  }
}
EXPORT_KERNEL(lattice_asked)

KERNEL lattice_points(
    roomfield::Lattice lattice, const unsigned char* classes, const int* asked, float* coordinates) {
  using namespace roomfield;
  int point = thread_index();
  if (point >= point_count(lattice) || classes[point] != kNear) {
    return;
  }
  for (int axis = 0; axis < 3; axis++) {
    int index = first(lattice, axis) + offset(lattice, point, axis);
    coordinates[3 * asked[point] + axis] = static_cast<float>(index * lattice.spacing);
  }
}
EXPORT_KERNEL(lattice_points)

KERNEL lattice_values(
    const unsigned char* classes, int points, const int* asked, const float* base, int stride, const float* fine,
    float* values, int* notFinite) {
  using namespace roomfield;
  int point = thread_index();
  if (point >= points) {
    return;
  }
  if (classes[point] != kNear) {
    values[point] = classes[point] == kFree ? kFreeLogit : unknown();
    return;
  }
  int at = asked[point];
  float logit = base[at * stride] + (fine == nullptr ? 0.f : fine[at]);
  values[point] = logit;
  if (logit - logit != 0.f) {
    atomicMin(notFinite, point);
  }
}
EXPORT_KERNEL(lattice_values)
