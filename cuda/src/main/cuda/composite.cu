// Composites samples along rays (algorithm, section 2): with o_i = sigmoid(10 logit_i) and T_i = prod_{j<i} (1 - o_j),
// w_i = o_i T_i, depth = sum w_i z_i, variance = sum w_i (depth - z_i)^2, colour = sum w_i c_i, opacity = sum w_i.
// Oracle: scalar.RayPass.
//
// -> depth, variance, opacity [rays], colour [rays, 3] (or null), weights [rays, samples] (or null).
// Launch: one warp a ray, blocks of 128 threads. Shared: none.
#include "composite.cuh"

namespace roomfield {

// As RayKernels.java writes it.
struct RenderedRays {
  float* depth;
  float* variance;
  float* opacity;
  float* colour;
  float* weights;
};

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
  float depth = 0.f, square = 0.f, opacity = 0.f, red = 0.f, green = 0.f, blue = 0.f;
  // The variance is taken about the first sample behind the reading's nearest, so that no digits are lost: any shift
  // will do, and the middle sample lies near the surface.
  float middle = z[v.samples / 2];
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
    square += weight * (at - middle) * (at - middle);
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
  square = warp_sum(square);
  red = warp_sum(red);
  green = warp_sum(green);
  blue = warp_sum(blue);
  if (lane == 0) {
    // sum w (D - z)^2 = sum w (z - m)^2 - 2 (D - m) (sum w z - m sum w) + (D - m)^2 sum w.
    float shift = depth - middle;
    float first = depth - middle * opacity;
    float variance = square - 2.f * shift * first + shift * shift * opacity;
    out.depth[ray] = depth;
    out.variance[ray] = variance < 0.f ? 0.f : variance;
    out.opacity[ray] = opacity;
    if (out.colour != nullptr) {
      out.colour[3 * ray] = red;
      out.colour[3 * ray + 1] = green;
      out.colour[3 * ray + 2] = blue;
    }
  }
}
EXPORT_KERNEL(composite)
