// Losses of a batch and their derivatives by the rendered values, with the median filter (NICE-SLAM, eqs. 8 to 12).
// Oracle: scalar.ObjectiveTerms; Objective.java tells the formulas.
//
// ray_terms: depthTerm [rays], -1 without a reading. One thread a ray.
// outlier_threshold: the filter's limit (infinite for none). One thread a ray over the whole batch; `limit` must hold
// infinity before. An entry's rank is the number of those before it; the upper median is the one of rank n / 2.
// ray_gradients: depthGradient [rays], colourGradient [rays, 3], counts [rays]. One thread a ray.
// sum_losses: totals [6] in double: total, depth, readings, colour, channels, outliers. One block of 256 threads.
// Shared: 6 * 256 doubles.
#include "rays.cuh"

namespace roomfield {

// As RenderPass.java writes it.
struct LossTask {
  Rays rays;
  const float* depth;
  const float* variance;
  const float* colour;
  float* depthTerm;
  float* limit;
  float* depthGradient;
  float* colourGradient;
  int* counts;
  double* totals;
  float colourWeight, outlierFactor, varianceFloor;
  int tracking, photometric;
};

__device__ __forceinline__ float depth_residual(const LossTask& t, int ray) {
  return t.depth[ray] - t.rays.depth[ray];
}

__device__ __forceinline__ float depth_scale(const LossTask& t, int ray) {
  return t.tracking ? sqrtf(t.variance[ray] + t.varianceFloor) : 1.f;
}

__device__ __forceinline__ bool has_reading(const LossTask& t, int ray) { return t.rays.depth[ray] > 0.f; }

__device__ __forceinline__ bool is_outlier(const LossTask& t, int ray) { return t.depthTerm[ray] > *t.limit; }

__device__ __forceinline__ bool counts_depth(const LossTask& t, int ray) {
  return has_reading(t, ray) && !is_outlier(t, ray);
}

__device__ __forceinline__ bool counts_colour(const LossTask& t, int ray) {
  return t.photometric && (!t.tracking || counts_depth(t, ray));
}

__device__ __forceinline__ float colour_residual(const LossTask& t, int ray, int channel) {
  return t.colour[3 * ray + channel] - t.rays.colour[3 * ray + channel];
}

// NaN last, as Arrays.sort puts it.
__device__ __forceinline__ bool is_before(float a, int i, float b, int j) {
  if (a != a || b != b) {
    return a == a || (b != b && i < j);
  }
  return a < b || (a == b && i < j);
}

constexpr int kTotals = 6;

}  // namespace roomfield

KERNEL ray_terms(roomfield::LossTask t) {
  using namespace roomfield;
  int ray = thread_index();
  if (ray < t.rays.count) {
    t.depthTerm[ray] = has_reading(t, ray) ? fabsf(depth_residual(t, ray)) / depth_scale(t, ray) : -1.f;
  }
}
EXPORT_KERNEL(ray_terms)

KERNEL outlier_threshold(roomfield::LossTask t) {
  using namespace roomfield;
  int ray = thread_index();
  if (ray >= t.rays.count || !has_reading(t, ray)) {
    return;
  }
  float mine = t.depthTerm[ray];
  int readings = 0;
  int rank = 0;
  for (int other = 0; other < t.rays.count; other++) {
    float term = t.depthTerm[other];
    bool counts = term != -1.f;
    readings += counts ? 1 : 0;
    rank += counts && is_before(term, other, mine, ray) ? 1 : 0;
  }
  if (rank == readings / 2) {
    *t.limit = t.outlierFactor * mine;
  }
}
EXPORT_KERNEL(outlier_threshold)

KERNEL ray_gradients(roomfield::LossTask t) {
  using namespace roomfield;
  int ray = thread_index();
  if (ray >= t.rays.count) {
    return;
  }
  bool depth = counts_depth(t, ray);
  bool colour = counts_colour(t, ray);
  t.counts[ray] = depth || (colour && t.colourWeight != 0.f) ? 1 : 0;
  t.depthGradient[ray] = depth ? sign(depth_residual(t, ray)) / depth_scale(t, ray) : 0.f;
  for (int channel = 0; channel < 3; channel++) {
    t.colourGradient[3 * ray + channel] =
        colour ? t.colourWeight * sign(colour_residual(t, ray, channel)) : 0.f;
  }
}
EXPORT_KERNEL(ray_gradients)

KERNEL __launch_bounds__(256, 4) sum_losses(roomfield::LossTask t) {
  using namespace roomfield;
  DYNAMIC_SHARED(double, shared);
  double sums[kTotals] = {};
  for (int ray = threadIdx.x; ray < t.rays.count; ray += blockDim.x) {
    if (has_reading(t, ray)) {
      sums[1] += fabsf(depth_residual(t, ray));
      sums[2] += 1.0;
      sums[5] += is_outlier(t, ray) ? 1.0 : 0.0;
    }
    sums[0] += counts_depth(t, ray) ? t.depthTerm[ray] : 0.f;
    for (int channel = 0; counts_colour(t, ray) && channel < 3; channel++) {
      double residual = fabsf(colour_residual(t, ray, channel));
      sums[0] += static_cast<double>(t.colourWeight) * residual;
      sums[3] += residual;
      sums[4] += 1.0;
    }
  }
  for (int k = 0; k < kTotals; k++) {
    shared[k * blockDim.x + threadIdx.x] = sums[k];
  }
  __syncthreads();
  for (int width = blockDim.x / 2; width > 0; width /= 2) {
    for (int k = 0; k < kTotals && static_cast<int>(threadIdx.x) < width; k++) {
      shared[k * blockDim.x + threadIdx.x] += shared[k * blockDim.x + threadIdx.x + width];
    }
    __syncthreads();
  }
  if (threadIdx.x < kTotals) {
    t.totals[threadIdx.x] = shared[threadIdx.x * blockDim.x];
  }
}
EXPORT_KERNEL(sum_losses)
