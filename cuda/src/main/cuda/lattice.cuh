// A box of points of the world's lattice (LatticeBox, OccupancyLattice), as LatticePass.java writes it.
#pragma once

#include "device.cuh"

namespace roomfield {

struct Lattice {
  // Metres.
  double spacing;
  // Index of the first point.
  int x, y, z;
  int sizeX, sizeY, sizeZ;
  // Outer layers of points that serve gradients only.
  int border;
};

static_assert(sizeof(Lattice) == 40, "LatticePass.java");

__device__ __forceinline__ int point_count(const Lattice& l) { return l.sizeX * l.sizeY * l.sizeZ; }

// Of an axis, 0 to 2: points, the first one's index, and how far apart neighbours are in an array.
__device__ __forceinline__ int size(const Lattice& l, int axis) {
  return axis == 0 ? l.sizeX : axis == 1 ? l.sizeY : l.sizeZ;
}

__device__ __forceinline__ int first(const Lattice& l, int axis) { return axis == 0 ? l.x : axis == 1 ? l.y : l.z; }

__device__ __forceinline__ int stride(const Lattice& l, int axis) {
  return axis == 0 ? 1 : axis == 1 ? l.sizeX : l.sizeX * l.sizeY;
}

// A point's offset from the first.
__device__ __forceinline__ int offset(const Lattice& l, int point, int axis) {
  return point / stride(l, axis) % size(l, axis);
}

// What the value of an unknown point is.
__device__ __forceinline__ float unknown() { return __int_as_float(0x7fc00000); }

}  // namespace roomfield
