// What every kernel shares: the emulated device's stand-ins, launch constants, and small functions.
#pragma once

#ifdef ROOMFIELD_EMULATED
#include "emulated_device.h"
#else
#include <cuda_fp16.h>
#include <cuda_runtime.h>
// Exactly as many bytes as the launch asked for; kernels have no other shared memory.
#define DYNAMIC_SHARED(type, name)                     \
  extern __shared__ __align__(32) unsigned char shared_bytes[]; \
  type* name = reinterpret_cast<type*>(shared_bytes)
#define EXPORT_KERNEL(name)
#endif

#define KERNEL extern "C" __global__ void

namespace roomfield {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

// FieldStage.OCCUPANCY_SHARPNESS
constexpr float kSharpness = 10.f;

__device__ __forceinline__ int thread_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

__device__ __forceinline__ int round_up(int n, int multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

__device__ __forceinline__ float sigmoid(float x) { return 1.f / (1.f + expf(-x)); }

// -1, 0 or 1, and NaN for NaN: Math.signum.
__device__ __forceinline__ float sign(float x) {
  return x > 0.f ? 1.f : x < 0.f ? -1.f : x == 0.f ? 0.f : x;
}

// Sum over a warp in a fixed order; every lane gets it.
__device__ __forceinline__ float warp_sum(float x) {
  for (int offset = kWarp / 2; offset > 0; offset /= 2) {
    x += __shfl_xor_sync(kAllLanes, x, offset);
  }
  return x;
}

// Arguments of the encoding reach hundreds of radians: to [-pi, pi] in three steps (Cody and Waite), then the
// hardware's sine, good to 2^-21 there.
__device__ __forceinline__ float reduced(float x) {
  float turns = rintf(x * 0.15915494309189535f);
  x = __fmaf_rn(turns, -6.28125f, x);
  x = __fmaf_rn(turns, -1.9350051879882812e-3f, x);
  return __fmaf_rn(turns, -3.0199159819567e-7f, x);
}

__device__ __forceinline__ float sine(float x) { return __sinf(reduced(x)); }

__device__ __forceinline__ float cosine(float x) { return __cosf(reduced(x)); }

}  // namespace roomfield
