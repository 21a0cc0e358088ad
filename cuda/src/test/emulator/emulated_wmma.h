// The products of small matrices by a warp (mma.h) that kernels use: 16 x 16 x 16, of half precision, summed in float32.
// A lane holds 8 of a matrix's 256 entries, and only mma_sync sees those of others: like on the device loads and stores
// order no memory, so that a missing __syncwarp shows up.
#pragma once

#include <stdint.h>

#include "emulated_half.h"
#include "emulated_vectors.h"
#include "emulated_warp.h"

namespace nvcuda::wmma {

struct matrix_a {};
struct matrix_b {};
struct accumulator {};
struct row_major {};
struct col_major {};
enum layout_t { mem_row_major, mem_col_major };

constexpr int kEdge = 16;
constexpr int kLaneEntries = kEdge * kEdge / 32;

template <typename Use, int M, int N, int K, typename T, typename Layout = void>
struct fragment {
  static_assert(M == kEdge && N == kEdge && K == kEdge);
  // Row-major, 8 a lane; halves are exact as floats.
  float mine[kLaneEntries];
};

}  // namespace nvcuda::wmma

namespace emulator {

inline float as_float(half value) { return __half2float(value); }
inline float as_float(float value) { return value; }

inline unsigned linear_thread() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }

// What the device requires: 32-byte alignment, and rows of whole 16 bytes.
inline void require_matrix(const void* at, unsigned stride, size_t entry) {
  if (reinterpret_cast<uintptr_t>(at) % 32 != 0 || stride * entry % 16 != 0) {
    trap();
  }
}

// Where entry i of the lane's 8 is in memory.
inline size_t matrix_offset(int i, unsigned stride, bool by_rows) {
  unsigned entry = linear_thread() % 32 * nvcuda::wmma::kLaneEntries + static_cast<unsigned>(i);
  unsigned row = entry / nvcuda::wmma::kEdge;
  unsigned column = entry % nvcuda::wmma::kEdge;
  return by_rows ? size_t{row} * stride + column : size_t{column} * stride + row;
}

template <typename Fragment, typename T>
void load_matrix(Fragment& to, const T* from, unsigned stride, bool by_rows) {
  require_matrix(from, stride, sizeof(T));
  for (int i = 0; i < nvcuda::wmma::kLaneEntries; i++) {
    to.mine[i] = as_float(from[matrix_offset(i, stride, by_rows)]);
  }
}

// The lanes' entries of both factors, by warp: one block runs at a time.
struct Factors {
  const float* a[32];
  const float* b[32];
};
inline Factors factors[32];

}  // namespace emulator

namespace nvcuda::wmma {

template <typename Use, typename T, typename Layout>
void fill_fragment(fragment<Use, 16, 16, 16, T, Layout>& to, T value) {
  for (float& entry : to.mine) {
    entry = value;
  }
}

template <typename Use, typename T>
void load_matrix_sync(fragment<Use, 16, 16, 16, T, row_major>& to, const T* from, unsigned stride) {
  emulator::load_matrix(to, from, stride, true);
}

template <typename Use, typename T>
void load_matrix_sync(fragment<Use, 16, 16, 16, T, col_major>& to, const T* from, unsigned stride) {
  emulator::load_matrix(to, from, stride, false);
}

inline void load_matrix_sync(fragment<accumulator, 16, 16, 16, float>& to, const float* from, unsigned stride,
                             layout_t layout) {
  emulator::load_matrix(to, from, stride, layout == mem_row_major);
}

inline void store_matrix_sync(float* to, const fragment<accumulator, 16, 16, 16, float>& from, unsigned stride,
                              layout_t layout) {
  emulator::require_matrix(to, stride, sizeof(float));
  for (int i = 0; i < kLaneEntries; i++) {
    to[emulator::matrix_offset(i, stride, layout == mem_row_major)] = from.mine[i];
  }
}

// to = a b + c.
template <typename LayoutA, typename LayoutB>
void mma_sync(fragment<accumulator, 16, 16, 16, float>& to, const fragment<matrix_a, 16, 16, 16, half, LayoutA>& a,
              const fragment<matrix_b, 16, 16, 16, half, LayoutB>& b,
              const fragment<accumulator, 16, 16, 16, float>& c) {
  unsigned lane = emulator::linear_thread() % 32;
  emulator::Factors& all = emulator::factors[emulator::linear_thread() / 32];
  all.a[lane] = a.mine;
  all.b[lane] = b.mine;
  __syncwarp();
  float sums[kLaneEntries];
  for (int i = 0; i < kLaneEntries; i++) {
    unsigned row = (lane * kLaneEntries + i) / kEdge;
    unsigned column = (lane * kLaneEntries + i) % kEdge;
    float sum = 0.f;
    for (unsigned k = 0; k < kEdge; k++) {
      unsigned ofA = row * kEdge + k;
      unsigned ofB = k * kEdge + column;
      sum += all.a[ofA / kLaneEntries][ofA % kLaneEntries] * all.b[ofB / kLaneEntries][ofB % kLaneEntries];
    }
    sums[i] = c.mine[i] + sum;
  }
  // The factors are others' until all have read them.
  __syncwarp();
  for (int i = 0; i < kLaneEntries; i++) {
    to.mine[i] = sums[i];
  }
}

}  // namespace nvcuda::wmma
