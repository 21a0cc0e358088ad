// Puts samples on rays, in ascending order (NICE-SLAM, section 3.2). Oracle: RaySampler.
//
// sample_rays: z [rays, samples], of which the first stratified + surface are written. One warp a ray, blocks of 128
// threads. Shared: stratified + surface floats a warp.
// resample_rays: adds importance samples by the first pass's weights [rays, samples] (NeRF, section 5.2). One warp a
// ray. Shared: 2 * samples floats a warp.
// place_points: points [rays, samples, 3] = t + z R d. One thread a sample.
#include "rays.cuh"

namespace roomfield {

__device__ __forceinline__ float uniform(unsigned long long seed, int ray, int sample) {
  unsigned long long h = seed * 0x9E3779B97F4A7C15ull + (static_cast<unsigned long long>(ray) << 20) + sample;
  h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ull;
  h = (h ^ (h >> 27)) * 0x94D049BB133111EBull;
  return static_cast<float>((h ^ (h >> 31)) >> 40) * 5.9604644775390625e-8f;  // 2^-24
}

// Writes what is in `from` to `to` in ascending order, but for NaN: an entry's place is the number of those before it.
__device__ __forceinline__ void sort_into(const float* from, int count, float* to) {
  for (int i = threadIdx.x % kWarp; i < count; i += kWarp) {
    float mine = from[i];
    int place = 0;
    for (int j = 0; j < count; j++) {
      place += from[j] < mine || (from[j] == mine && j < i) ? 1 : 0;
    }
    if (mine == mine) {
      to[place] = mine;
    }
  }
}

// As RaySampler, operation by operation: not contracted, so that both put the same samples.
__device__ __forceinline__ float stratified_sample(const Rays& rays, int ray, int i, float near, float far) {
  float step = __fdiv_rn(__fsub_rn(far, near), static_cast<float>(rays.stratified - 1));
  float shift = rays.perturb ? __fsub_rn(uniform(*rays.seed, ray, i), 0.5f) : 0.f;
  float z = __fadd_rn(near, __fmul_rn(__fadd_rn(static_cast<float>(i), shift), step));
  return fminf(fmaxf(z, near), far);
}

__device__ __forceinline__ float surface_sample(const Rays& rays, int i, float from, float to) {
  float t = rays.surface == 1 ? 0.5f : __fdiv_rn(static_cast<float>(i), static_cast<float>(rays.surface - 1));
  return __fadd_rn(from, __fmul_rn(t, __fsub_rn(to, from)));
}

}  // namespace roomfield

KERNEL __launch_bounds__(128, 8) sample_rays(roomfield::Rays rays, float* z) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  int first = rays.stratified + rays.surface;
  int samples = first + rays.importance;
  float* unsorted = shared + threadIdx.x / kWarp * first;
  int ray = thread_index() / kWarp;
  if (ray >= rays.count) {
    return;
  }
  float reading = rays.depth[ray];
  float frameMax = rays.frameMaxDepth[rays.pose[ray]];
  bool valid = reading > 0.f;
  float near = __fmul_rn(0.01f, valid ? reading : frameMax);
  float far = __fmul_rn(1.2f, valid && rays.farFromRay ? reading : frameMax);
  float from = valid ? __fmul_rn(1.f - 0.05f, reading) : 0.001f;
  float to = valid ? __fmul_rn(1.f + 0.05f, reading) : frameMax;
  for (int i = threadIdx.x % kWarp; i < first; i += kWarp) {
    unsorted[i] = i < rays.stratified ? stratified_sample(rays, ray, i, near, far)
                                      : surface_sample(rays, i - rays.stratified, from, to);
  }
  __syncwarp();
  sort_into(unsorted, first, z + static_cast<size_t>(ray) * samples);
}
EXPORT_KERNEL(sample_rays)

KERNEL __launch_bounds__(128, 8) resample_rays(roomfield::Rays rays, const float* weights, float* z) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  int first = rays.stratified + rays.surface;
  int samples = first + rays.importance;
  float* cumulative = shared + threadIdx.x / kWarp * 2 * samples;
  float* unsorted = cumulative + samples;
  int ray = thread_index() / kWarp;
  if (ray >= rays.count) {
    return;
  }
  int lane = threadIdx.x % kWarp;
  float* mine = z + static_cast<size_t>(ray) * samples;
  const float* w = weights + static_cast<size_t>(ray) * first;
  if (lane == 0) {
    cumulative[0] = 0.f;
    for (int i = 1; i < first; i++) {
      float mid = __fmul_rn(0.5f, __fadd_rn(w[i - 1], w[i]));
      cumulative[i] = __fadd_rn(__fadd_rn(cumulative[i - 1], mid), 1e-5f);
    }
  }
  for (int i = lane; i < first; i += kWarp) {
    unsorted[i] = mine[i];
  }
  __syncwarp();
  for (int k = lane; k < rays.importance; k += kWarp) {
    float quantile = __fdiv_rn(static_cast<float>(k) + 0.5f, static_cast<float>(rays.importance));
    float target = __fmul_rn(quantile, cumulative[first - 1]);
    int segment = 0;
    while (segment < first - 2 && cumulative[segment + 1] < target) {
      segment++;
    }
    float width = __fsub_rn(cumulative[segment + 1], cumulative[segment]);
    float t = __fdiv_rn(__fsub_rn(target, cumulative[segment]), width);
    unsorted[first + k] =
        __fadd_rn(unsorted[segment], __fmul_rn(t, __fsub_rn(unsorted[segment + 1], unsorted[segment])));
  }
  __syncwarp();
  // What is not a number has no place in an order: it goes last, as NaN weights make every new sample one.
  for (int k = lane; k < rays.importance; k += kWarp) {
    float sample = unsorted[first + k];
    if (sample != sample) {
      mine[first + k] = sample;
    }
  }
  sort_into(unsorted, samples, mine);
}
EXPORT_KERNEL(resample_rays)

// `laid` samples a ray are placed, of `samples` that z has room for.
KERNEL place_points(roomfield::Rays rays, const float* z, int samples, int laid, float* points) {
  using namespace roomfield;
  int i = thread_index();
  if (i >= rays.count * laid) {
    return;
  }
  int ray = i / laid;
  const float* pose = rays.poses + 12 * rays.pose[ray];
  float depth = z[static_cast<size_t>(ray) * samples + i % laid];
  float x = rays.directions[2 * ray] * depth;
  float y = rays.directions[2 * ray + 1] * depth;
  for (int axis = 0; axis < 3; axis++) {
    points[3 * i + axis] = pose[3 * axis] * x + pose[3 * axis + 1] * y + pose[3 * axis + 2] * depth + pose[9 + axis];
  }
}
EXPORT_KERNEL(place_points)
