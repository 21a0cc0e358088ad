// What compositing and its backward pass share: a warp walks along a ray, 32 samples at a time.
#pragma once

#include "device.cuh"

namespace roomfield {

// Outputs of decoders at samples, as RenderPass.java writes it: entry i of what is `stride` floats apart.
struct Strided {
  const float* data;
  int stride;
};

// As RenderPass.java writes it.
struct SampleValues {
  // Logits of the base decoder, of fine's (null where the stage has none), and colours (null likewise).
  Strided base, fine, colour;
  // [rays, zStride] metres, of which the first `samples` count.
  const float* z;
  int zStride;
  int rays;
  int samples;
};

__device__ __forceinline__ float occupancy_at(const SampleValues& v, size_t sample) {
  float logit = v.base.data[sample * v.base.stride];
  if (v.fine.data != nullptr) {
    logit += v.fine.data[sample * v.fine.stride];
  }
  return sigmoid(kSharpness * logit);
}

// Product over the lanes before this one; `all` gets that over all.
__device__ __forceinline__ float product_before(float factor, float& all) {
  int lane = threadIdx.x % kWarp;
  float product = factor;
  for (int offset = 1; offset < kWarp; offset *= 2) {
    float other = __shfl_up_sync(kAllLanes, product, offset);
    product = lane >= offset ? product * other : product;
  }
  all = __shfl_sync(kAllLanes, product, kWarp - 1);
  float before = __shfl_up_sync(kAllLanes, product, 1);
  return lane == 0 ? 1.f : before;
}

}  // namespace roomfield
