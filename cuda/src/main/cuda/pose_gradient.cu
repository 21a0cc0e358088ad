// Sums the samples' point gradients into each ray's twist gradient (PoseGradient.java): dL/dv = sum g_i, dL/dw =
// sum (p_i - t) x g_i. Oracle: scalar.RayPass.addTwist.
//
// points [rays, samples, 3], pointGradient [levels, rays, samples, 3] -> twists [rays, 6]; zeros where `counts` is 0.
// Launch: one warp a ray, blocks of 128 threads. Shared: none.
#include "rays.cuh"

KERNEL __launch_bounds__(128, 8) pose_gradient(
    roomfield::Rays rays, const float* points, const float* pointGradient, const int* counts, int samples, int levels,
    float* twists) {
  using namespace roomfield;
  int ray = thread_index() / kWarp;
  if (ray >= rays.count) {
    return;
  }
  int lane = threadIdx.x % kWarp;
  const float* origin = rays.poses + 12 * rays.pose[ray] + 9;
  float sums[6] = {};
  for (int i = lane; i < samples && counts[ray] != 0; i += kWarp) {
    size_t at = 3 * (static_cast<size_t>(ray) * samples + i);
    float gx = 0.f, gy = 0.f, gz = 0.f;
    for (int level = 0; level < levels; level++) {
      const float* g = pointGradient + level * static_cast<size_t>(3) * rays.count * samples + at;
      gx += g[0];
      gy += g[1];
      gz += g[2];
    }
    float x = points[at] - origin[0], y = points[at + 1] - origin[1], z = points[at + 2] - origin[2];
    sums[0] += gx;
    sums[1] += gy;
    sums[2] += gz;
    sums[3] += y * gz - z * gy;
    sums[4] += z * gx - x * gz;
    sums[5] += x * gy - y * gx;
  }
  for (int k = 0; k < 6; k++) {
    sums[k] = warp_sum(sums[k]);
  }
  if (lane == 0) {
    for (int k = 0; k < 6; k++) {
      twists[6 * ray + k] = sums[k];
    }
  }
}
EXPORT_KERNEL(pose_gradient)
