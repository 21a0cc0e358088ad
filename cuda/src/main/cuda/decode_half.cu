// decode with the products of half precision on tensor cores: activations and weights are rounded to 11 bits, sums, biases
// and rectifiers are in float32. For points alone. Oracle: decode's.
//
// Points, outputs, signs and recorded activations (as they were rounded) as decode's.
// Launch: as decode's. Shared: `activations` floats a warp, halfFloats() of DecodeLaunches.java: sums [32][kTileStride] in
// float32, then rows [inputs + features + hidden (twice beyond 32), each padded to 16][kHalfStride] in half precision.
#include "decoder.cuh"
#include "grid.cuh"

#ifndef ROOMFIELD_EMULATED
#include <mma.h>
#endif

namespace roomfield {

namespace wmma = nvcuda::wmma;

// Edge of the matrices that a warp multiplies at a time; two of them are the points of a tile, or a chunk of outputs.
constexpr int kMatrix = 16;
// Eight more than the points, so that rows that are loaded together fall into different banks.
constexpr int kHalfStride = 40;

struct HalfRows {
  half* at;

  __device__ __forceinline__ void put(int row, int point, float value) const {
    at[row * kHalfStride + point] = __float2half_rn(value);
  }

  __device__ __forceinline__ float get(int row, int point) const {
    return __half2float(at[row * kHalfStride + point]);
  }

  __device__ __forceinline__ HalfRows from(int row) const { return {at + row * kHalfStride}; }
};

using PointMatrix = wmma::fragment<wmma::matrix_a, kMatrix, kMatrix, kMatrix, half, wmma::col_major>;
using WeightMatrix = wmma::fragment<wmma::matrix_b, kMatrix, kMatrix, kMatrix, half, wmma::row_major>;
using SumMatrix = wmma::fragment<wmma::accumulator, kMatrix, kMatrix, kMatrix, float>;

// Of a chunk of 32 outputs, of which the second 16 may be none.
struct MatrixSums {
  SumMatrix at[2][2];
};

// A warp's part of shared memory.
struct HalfTile {
  float* sums;
  HalfRows input, features, before, after;
};

__device__ __forceinline__ HalfTile half_tile(const DecoderView& d, float* shared) {
  HalfTile tile;
  tile.sums = shared;
  tile.input.at = reinterpret_cast<half*>(shared + kChunk * kTileStride);
  tile.features = tile.input.from(round_up(d.encodingSize, kMatrix));
  tile.before = tile.features.from(round_up(d.features, kMatrix));
  // A layer of one chunk has read its input before it writes.
  tile.after = d.hidden <= kChunk ? tile.before : tile.before.from(round_up(d.hidden, kMatrix));
  return tile;
}

// Zeros in the rows that pad `count` rows: they meet weights of zero, and nothing else may.
__device__ __forceinline__ void pad_rows(HalfRows rows, int count) {
  for (int k = count; k < round_up(count, kMatrix); k++) {
    rows.put(k, threadIdx.x % kWarp, 0.f);
  }
}

__device__ __forceinline__ void clear(MatrixSums& sums) {
#pragma unroll
  for (int o = 0; o < 2; o++) {
#pragma unroll
    for (int p = 0; p < 2; p++) {
      wmma::fill_fragment(sums.at[o][p], 0.f);
    }
  }
}

// sums += rows^T weights: weights [count padded, stride] from the chunk's first output on.
__device__ __forceinline__ void multiply(
    MatrixSums& sums, int matrices, const half* weights, int stride, HalfRows rows, int count) {
  for (int k = 0; k < count; k += kMatrix) {
    PointMatrix x[2];
#pragma unroll
    for (int p = 0; p < 2; p++) {
      wmma::load_matrix_sync(x[p], rows.at + k * kHalfStride + p * kMatrix, kHalfStride);
    }
#pragma unroll
    for (int o = 0; o < 2; o++) {
      if (o < matrices) {
        WeightMatrix w;
        wmma::load_matrix_sync(w, weights + k * stride + o * kMatrix, stride);
#pragma unroll
        for (int p = 0; p < 2; p++) {
          wmma::mma_sync(sums.at[o][p], x[p], w, sums.at[o][p]);
        }
      }
    }
  }
}

__device__ __forceinline__ void store(const MatrixSums& sums, int matrices, float* to) {
#pragma unroll
  for (int o = 0; o < 2; o++) {
    if (o < matrices) {
#pragma unroll
      for (int p = 0; p < 2; p++) {
        wmma::store_matrix_sync(
            to + o * kMatrix * kTileStride + p * kMatrix, sums.at[o][p], kTileStride, wmma::mem_col_major);
      }
    }
  }
}

__device__ __forceinline__ void load(MatrixSums& sums, int matrices, const float* from) {
#pragma unroll
  for (int o = 0; o < 2; o++) {
    if (o < matrices) {
#pragma unroll
      for (int p = 0; p < 2; p++) {
        wmma::load_matrix_sync(
            sums.at[o][p], from + o * kMatrix * kTileStride + p * kMatrix, kTileStride, wmma::mem_col_major);
      }
    }
  }
}

// Adds the bias to this lane's point's sums, rectifies them, and returns the signs: decode.cu, rectify().
__device__ __forceinline__ unsigned rectify(float* sums, const float* bias, int outputs) {
  unsigned positive = 0;
  for (int o = 0; o < outputs; o++) {
    float* sum = sums + o * kTileStride + threadIdx.x % kWarp;
    float value = *sum + __ldg(bias + o);
    bool passes = !(value <= 0.f);
    positive |= (passes ? 1u : 0u) << o;
    *sum = passes ? value : 0.f;
  }
  return positive;
}

// h <- relu(W h + b) + (V c + v), a chunk of outputs at a time.
__device__ __forceinline__ void decode_block_half(const DecodeTask& t, int block, int first, const HalfTile& tile) {
  const DecoderView& d = t.decoder;
  const LayerOffsets at = d.layers[block];
  int lane = threadIdx.x % kWarp;
  int stride = round_up(d.hidden, kMatrix);
  size_t padded = round_up(t.count, kTilePoints);
  for (int chunk = 0; chunk < d.hidden; chunk += kChunk) {
    int matrices = min(kChunk, stride - chunk) / kMatrix;
    int outputs = min(kChunk, d.hidden - chunk);
    MatrixSums sums;
    clear(sums);
    if (at.inputHalf >= 0) {
      multiply(sums, matrices, d.halves + at.inputHalf + chunk, stride, tile.input, input_size(d));
    }
    if (at.hiddenHalf >= 0) {
      multiply(sums, matrices, d.halves + at.hiddenHalf + chunk, stride, tile.before, d.hidden);
    }
    store(sums, matrices, tile.sums);
    __syncwarp();
    unsigned positive = rectify(tile.sums, d.flat + at.bias + chunk, outputs);
    if (t.signs != nullptr) {
      t.signs[(block * sign_words(d) + chunk / kChunk) * padded + first + lane] = positive;
    }
    if (at.featureHalf >= 0) {
      __syncwarp();
      load(sums, matrices, tile.sums);
      multiply(sums, matrices, d.halves + at.featureHalf + chunk, stride, tile.features, d.features);
      __syncwarp();
      store(sums, matrices, tile.sums);
      __syncwarp();
    }
    for (int o = 0; o < matrices * kMatrix; o++) {
      float bias = at.featureHalf >= 0 && o < outputs ? __ldg(d.flat + at.featureBias + chunk + o) : 0.f;
      tile.after.put(chunk + o, lane, tile.sums[o * kTileStride + lane] + bias);
    }
    __syncwarp();
  }
}

__device__ __forceinline__ void decode_output_half(const DecodeTask& t, int first, const HalfTile& tile) {
  const DecoderView& d = t.decoder;
  const LayerOffsets at = d.layers[d.blocks];
  int stride = round_up(d.outputs, kMatrix);
  int point = first + threadIdx.x % kWarp;
  for (int chunk = 0; chunk < d.outputs; chunk += kChunk) {
    int matrices = min(kChunk, stride - chunk) / kMatrix;
    MatrixSums sums;
    clear(sums);
    if (at.inputHalf >= 0) {
      multiply(sums, matrices, d.halves + at.inputHalf + chunk, stride, tile.input, input_size(d));
    }
    multiply(sums, matrices, d.halves + at.hiddenHalf + chunk, stride, tile.before, d.hidden);
    store(sums, matrices, tile.sums);
    __syncwarp();
    for (int o = 0; o < min(kChunk, d.outputs - chunk) && point < t.count; o++) {
      t.outputs[static_cast<size_t>(point) * d.outputs + chunk + o] =
          tile.sums[o * kTileStride + threadIdx.x % kWarp] + __ldg(d.flat + at.bias + chunk + o);
    }
    __syncwarp();
  }
}

__device__ __forceinline__ void record(HalfRows rows, int count, float* to, size_t stride, int first) {
  for (int k = 0; k < count; k++) {
    to[k * stride + first + threadIdx.x % kWarp] = rows.get(k, threadIdx.x % kWarp);
  }
}

__device__ __forceinline__ void decode_tile_half(const DecodeTask& t, int first, HalfTile tile) {
  const DecoderView& d = t.decoder;
  size_t padded = round_up(t.count, kTilePoints);
  interpolate(t.own, t.points, first, t.count, tile.features);
  interpolate(t.other, t.points, first, t.count, tile.features.from(t.own.channels));
  pad_rows(tile.features, d.features);
  encode(d, t.points, first, t.count, tile.input);
  pad_rows(tile.input, d.encodingSize);
  __syncwarp();
  float* to = t.recorded;
  if (to != nullptr) {
    record(tile.input, d.encodingSize, to, padded, first);
    record(tile.features, d.features, to + d.encodingSize * padded, padded, first);
    to += hidden_row(d) * padded;
  }
  for (int block = 0; block < d.blocks; block++) {
    decode_block_half(t, block, first, tile);
    HalfRows swap = tile.before;
    tile.before = tile.after;
    tile.after = swap;
    if (to != nullptr) {
      record(tile.before, d.hidden, to, padded, first);
      to += d.hidden * padded;
    }
  }
  decode_output_half(t, first, tile);
}

}  // namespace roomfield

KERNEL __launch_bounds__(64, 4) decode_half(const __grid_constant__ roomfield::DecodeTasks tasks) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  const DecodeTask& t = tasks.level[blockIdx.y];
  HalfTile tile = half_tile(t.decoder, shared + threadIdx.x / kWarp * t.activations);
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_tile_half(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode_half)
