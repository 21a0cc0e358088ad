// Gradients of a decoder's weights: products of recorded gradients and activations over the points of a batch, tall
// and thin, in parts of which each block sums one, and the parts in order. Oracle: scalar.DecoderPass.backward.
//
// A product's tile: gradient [.., padded] rows gradientRow .. + rows, recorded [.., padded] rows inputRow .. + columns
// (or ones, for a bias) -> partial [parts, tiles, 32, 32].
// weight_gradient: blocks (tiles, parts) of 256 threads. Shared: 2 * 32 * 33 floats.
// sum_weight_gradient: one thread a weight of a tile, blocks (tiles) of 1024; adds to gradient [weights].
#include "device.cuh"

namespace roomfield {

// As DecoderLayout.java writes it.
struct ProductTile {
  int gradientRow, rows;
  // -1 for ones.
  int inputRow, columns;
  int flat, flatStride;
};

constexpr int kEdge = 32;
constexpr int kEdgeStride = kEdge + 1;
constexpr int kProductThreads = 256;
// Entries of the tile that a thread sums: rows r, r + 8, r + 16 and r + 24 of one column.
constexpr int kRowStep = kProductThreads / kEdge;

__device__ __forceinline__ void load_edge(
    const float* from, size_t padded, int row, int rows, int first, int count, float* to) {
  for (int k = threadIdx.x; k < kEdge * kEdge; k += kProductThreads) {
    int r = k / kEdge;
    int p = k % kEdge;
    bool there = r < rows && first + p < count;
    to[r * kEdgeStride + p] = !there ? 0.f : row < 0 ? 1.f : from[(row + r) * padded + first + p];
  }
}

}  // namespace roomfield

KERNEL __launch_bounds__(256, 4) weight_gradient(
    const roomfield::ProductTile* tiles, const float* gradient, const float* recorded, float* partial, int count) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, g);
  float* x = g + kEdge * kEdgeStride;
  ProductTile t = tiles[blockIdx.x];
  size_t padded = round_up(count, kEdge);
  int column = threadIdx.x % kEdge;
  int row = threadIdx.x / kEdge;
  float sums[kEdge / kRowStep] = {};
  for (int first = blockIdx.y * kEdge; first < count; first += gridDim.y * kEdge) {
    load_edge(gradient, padded, t.gradientRow, t.rows, first, count, g);
    load_edge(recorded, padded, t.inputRow, t.columns, first, count, x);
    __syncthreads();
#pragma unroll 8
    for (int p = 0; p < kEdge; p++) {
      float input = x[column * kEdgeStride + p];
#pragma unroll
      for (int r = 0; r < kEdge / kRowStep; r++) {
        sums[r] += g[(row + r * kRowStep) * kEdgeStride + p] * input;
      }
    }
    __syncthreads();
  }
  float* to = partial + (static_cast<size_t>(blockIdx.y) * gridDim.x + blockIdx.x) * kEdge * kEdge;
#pragma unroll
  for (int r = 0; r < kEdge / kRowStep; r++) {
    to[(row + r * kRowStep) * kEdge + column] = sums[r];
  }
}
EXPORT_KERNEL(weight_gradient)

KERNEL __launch_bounds__(1024, 1) sum_weight_gradient(
    const roomfield::ProductTile* tiles, const float* partial, int parts, float* gradient) {
  using namespace roomfield;
  ProductTile t = tiles[blockIdx.x];
  int row = threadIdx.x / kEdge;
  int column = threadIdx.x % kEdge;
  if (row >= t.rows || column >= t.columns) {
    return;
  }
  float sum = 0.f;
  for (int part = 0; part < parts; part++) {
    sum += partial[(static_cast<size_t>(part) * gridDim.x + blockIdx.x) * kEdge * kEdge + threadIdx.x];
  }
  gradient[t.flat + row * t.flatStride + column] += sum;
}
EXPORT_KERNEL(sum_weight_gradient)
