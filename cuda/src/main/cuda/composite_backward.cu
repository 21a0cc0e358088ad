// Backward of composite, with sample depths held fixed. With g_i = dL/dw_i and what lies behind sample i seen through
// it, A_i = o_i g_i + (1 - o_i) A_{i+1}: dL/do_i = T_i (g_i - A_{i+1}). Oracle: scalar.RayPass.backward.
//
// depthGradient [rays], colourGradient [rays, 3] -> logitGradient, sampleColourGradient (strided; the latter null where
// the stage has no colour). Rays of which `counts` is 0 get zeros whatever they hold.
// Launch: one warp a ray, blocks of 128 threads. Shared: samples floats a warp (the transmittances).
#include "composite.cuh"

namespace roomfield {

// As RenderPass.java writes it.
struct RayGradients {
  const float* depth;
  const float* colour;
  const int* counts;
};

// As RenderPass.java writes it.
struct SampleGradients {
  float* logit;
  float* colour;
  int logitStride;
  int colourStride;
};

// A = b + a * (A behind): such maps compose.
struct Behind {
  float a, b;
};

// The map over this lane's and all lanes behind it.
__device__ __forceinline__ Behind compose_behind(Behind mine) {
  int lane = threadIdx.x % kWarp;
  for (int offset = 1; offset < kWarp; offset *= 2) {
    float a = __shfl_down_sync(kAllLanes, mine.a, offset);
    float b = __shfl_down_sync(kAllLanes, mine.b, offset);
    if (lane + offset < kWarp) {
      mine.b += mine.a * b;
      mine.a *= a;
    }
  }
  return mine;
}

__device__ __forceinline__ void no_gradient(const SampleGradients& out, size_t sample) {
  out.logit[sample * out.logitStride] = 0.f;
  for (int channel = 0; out.colour != nullptr && channel < 3; channel++) {
    out.colour[sample * out.colourStride + channel] = 0.f;
  }
}

}  // namespace roomfield

KERNEL __launch_bounds__(128, 8) composite_backward(
    roomfield::SampleValues v, roomfield::RayGradients in, roomfield::SampleGradients out) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  int ray = thread_index() / kWarp;
  if (ray >= v.rays) {
    return;
  }
  int lane = threadIdx.x % kWarp;
  size_t begin = static_cast<size_t>(ray) * v.samples;
  if (in.counts[ray] == 0) {
    for (int i = lane; i < v.samples; i += kWarp) {
      no_gradient(out, begin + i);
    }
    return;
  }
  const float* z = v.z + static_cast<size_t>(ray) * v.zStride;
  float* transmittance = shared + threadIdx.x / kWarp * v.samples;
  float left = 1.f;
  for (int base = 0; base < v.samples; base += kWarp) {
    int i = base + lane;
    float o = i < v.samples ? occupancy_at(v, begin + i) : 0.f;
    float all;
    float before = left * product_before(1.f - o, all);
    left *= all;
    if (i < v.samples) {
      transmittance[i] = before;
    }
  }
  float depthGradient = in.depth[ray];
  float red = in.colour[3 * ray], green = in.colour[3 * ray + 1], blue = in.colour[3 * ray + 2];
  float behind = 0.f;
  for (int base = (v.samples - 1) / kWarp * kWarp; base >= 0; base -= kWarp) {
    int i = base + lane;
    bool there = i < v.samples;
    size_t sample = begin + (there ? i : 0);
    float o = there ? occupancy_at(v, sample) : 0.f;
    float weightGradient = there ? depthGradient * z[i] : 0.f;
    if (there && v.colour.data != nullptr) {
      const float* c = v.colour.data + sample * v.colour.stride;
      weightGradient += red * c[0] + green * c[1] + blue * c[2];
    }
    Behind from = compose_behind({1.f - o, o * weightGradient});
    float fromHere = from.b + from.a * behind;
    float next = __shfl_down_sync(kAllLanes, fromHere, 1);
    next = lane == kWarp - 1 ? behind : next;
    behind = __shfl_sync(kAllLanes, fromHere, 0);
    if (there) {
      float occupancyGradient = transmittance[i] * (weightGradient - next);
      out.logit[sample * out.logitStride] = kSharpness * o * (1.f - o) * occupancyGradient;
      if (out.colour != nullptr) {
        float weight = o * transmittance[i];
        float* c = out.colour + sample * out.colourStride;
        c[0] = weight * red;
        c[1] = weight * green;
        c[2] = weight * blue;
      }
    }
  }
}
EXPORT_KERNEL(composite_backward)
