// Dense layers on a tile of 32 points, by one warp. Activations lie feature-major, [features][kTileStride], so that
// four points are one load; lane l computes outputs 8 (l / 8) .. + 7 of points 4 (l mod 8) .. + 3 of a chunk of 32
// outputs. Weights are read through the first-level cache, where a layer's stay: four distinct lines a step.
#pragma once

#include "device.cuh"

namespace roomfield {

constexpr int kTilePoints = 32;
// Four more than the points: rows a warp's lanes write side by side fall into different banks.
constexpr int kTileStride = 36;
// Outputs of a chunk, and of a lane.
constexpr int kChunk = 32;
constexpr int kLaneOutputs = 8;
constexpr int kLanePoints = 4;

// Rows of a tile as what interpolates and encodes writes them.
struct FloatRows {
  float* at;

  __device__ __forceinline__ void put(int row, int point, float value) const { at[row * kTileStride + point] = value; }
};

struct Sums {
  float at[kLaneOutputs][kLanePoints];
};

__device__ __forceinline__ int lane_points() { return kLanePoints * (threadIdx.x % 8); }

__device__ __forceinline__ int lane_outputs() { return kLaneOutputs * (threadIdx.x % kWarp / 8); }

__device__ __forceinline__ void clear(Sums& sums) {
#pragma unroll
  for (int o = 0; o < kLaneOutputs; o++) {
#pragma unroll
    for (int p = 0; p < kLanePoints; p++) {
      sums.at[o][p] = 0.f;
    }
  }
}

__device__ __forceinline__ void add_bias(Sums& sums, const float* bias, int first, int outputs) {
#pragma unroll
  for (int o = 0; o < kLaneOutputs; o++) {
    float b = first + o < outputs ? __ldg(bias + first + o) : 0.f;
#pragma unroll
    for (int p = 0; p < kLanePoints; p++) {
      sums.at[o][p] += b;
    }
  }
}

__device__ __forceinline__ void add_products(float (&sums)[kLanePoints], float w, const float4& x) {
  sums[0] += w * x.x;
  sums[1] += w * x.y;
  sums[2] += w * x.z;
  sums[3] += w * x.w;
}

// sums += rows^T weights: weights [count, stride], 16-byte aligned rows, from this lane's first output on.
__device__ __forceinline__ void multiply(Sums& sums, const float* weights, int stride, const float* rows, int count) {
  const float* x = rows + lane_points();
#pragma unroll 4
  for (int k = 0; k < count; k++) {
    float4 v = *reinterpret_cast<const float4*>(x + k * kTileStride);
    float4 a = __ldg(reinterpret_cast<const float4*>(weights + k * stride));
    float4 b = __ldg(reinterpret_cast<const float4*>(weights + k * stride + 4));
    add_products(sums.at[0], a.x, v);
    add_products(sums.at[1], a.y, v);
    add_products(sums.at[2], a.z, v);
    add_products(sums.at[3], a.w, v);
    add_products(sums.at[4], b.x, v);
    add_products(sums.at[5], b.y, v);
    add_products(sums.at[6], b.z, v);
    add_products(sums.at[7], b.w, v);
  }
}

// Writes this lane's outputs that exist to the tile's rows.
__device__ __forceinline__ void store(const Sums& sums, float* rows, int first, int outputs) {
#pragma unroll
  for (int o = 0; o < kLaneOutputs; o++) {
    if (first + o < outputs) {
      *reinterpret_cast<float4*>(rows + (first + o) * kTileStride + lane_points()) =
          make_float4(sums.at[o][0], sums.at[o][1], sums.at[o][2], sums.at[o][3]);
    }
  }
}

// Copies rows of the tile to rows of [.., stride] at column `first`, which are as many as the batch, padded to tiles.
__device__ __forceinline__ void record(const float* rows, int count, float* to, size_t stride, int first) {
  for (int k = 0; k < count; k++) {
    to[k * stride + first + threadIdx.x % kWarp] = rows[k * kTileStride + threadIdx.x % kWarp];
  }
}

}  // namespace roomfield
