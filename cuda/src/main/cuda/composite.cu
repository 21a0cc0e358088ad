// Composites samples along rays (algorithm, section 2): with o_i = sigmoid(10 logit_i) and T_i = prod_{j<i} (1 - o_j),
// w_i = o_i T_i, depth = sum w_i z_i, variance = sum w_i (depth - z_i)^2, colour = sum w_i c_i, opacity = sum w_i.
// Oracle: scalar.RayPass.
//
// -> depth, variance, opacity [rays], colour [rays, 3] (or null), weights [rays, samples] (or null).
// Launch: one warp a ray, blocks of 128 threads. Shared: none.
#include "composite.cuh"

namespace roomfield {

// As RenderPass.java writes it.
struct RenderedRays {
  float* depth;
  float* variance;
  float* opacity;
  float* colour;
  float* weights;
};

// A second walk: about anything but the depth itself, the sum of squares would lose its digits to the square of the
// distance, and tracking divides by its root.
__device__ __forceinline__ float variance_about(const SampleValues& v, int ray, float depth) {
  int lane = threadIdx.x % kWarp;
  const float* z = v.z + static_cast<size_t>(ray) * v.zStride;
  float left = 1.f;
  float variance = 0.f;
  for (int base = 0; base < v.samples; base += kWarp) {
    int i = base + lane;
    bool there = i < v.samples;
    float o = there ? occupancy_at(v, static_cast<size_t>(ray) * v.samples + i) : 0.f;
    float all;
    float weight = o * left * product_before(1.f - o, all);
    left *= all;
    float off = there ? depth - z[i] : 0.f;
    variance += weight * off * off;
  }
  return warp_sum(variance);
}

}  // namespace roomfield

KERNEL __launch_bounds__(128, 8) composite(roomfield::SampleValues v, roomfield::RenderedRays out) {
  using namespace roomfield;
  int ray = thread_index() / kWarp;
  if (ray >= v.rays) {
    return;
  }
  int lane = threadIdx.x % kWarp;
  const float* z = v.z + static_cast<size_t>(ray) * v.zStride;
  float left = 1.f;
  float depth = 0.f, opacity = 0.f, red = 0.f, green = 0.f, blue = 0.f;
  for (int base = 0; base < v.samples; base += kWarp) {
    int i = base + lane;
    bool there = i < v.samples;
    size_t sample = static_cast<size_t>(ray) * v.samples + (there ? i : 0);
    float o = there ? occupancy_at(v, sample) : 0.f;
    float all;
    float weight = o * left * product_before(1.f - o, all);
    left *= all;
    float at = there ? z[i] : 0.f;
    depth += weight * at;
    opacity += weight;
    if (there && v.colour.data != nullptr) {
      const float* c = v.colour.data + sample * v.colour.stride;
      red += weight * c[0];
      green += weight * c[1];
      blue += weight * c[2];
    }
    if (there && out.weights != nullptr) {
      out.weights[sample] = weight;
    }
  }
  depth = warp_sum(depth);
  opacity = warp_sum(opacity);
  red = warp_sum(red);
  green = warp_sum(green);
  blue = warp_sum(blue);
  float variance = variance_about(v, ray, depth);
  if (lane == 0) {
    out.depth[ray] = depth;
    out.variance[ray] = variance;
    out.opacity[ray] = opacity;
    if (out.colour != nullptr) {
      out.colour[3 * ray] = red;
      out.colour[3 * ray + 1] = green;
      out.colour[3 * ray + 2] = blue;
    }
  }
}
EXPORT_KERNEL(composite)
