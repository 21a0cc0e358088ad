// Binary cross-entropy of occupancy at points, and its derivative by the logits (ComputeBackend.occupancyBackward):
// weight * (softplus(s l) - target s l). Oracle: scalar.ScalarBackend.occupancyBackward.
//
// logits base [count], fine [count] or null -> terms [count], logitGradient [count]; base and its gradient are `stride`
// floats apart. One thread a point.
// sum_terms: total [1] in double, in a fixed order. One block of 256 threads. Shared: 256 doubles.
#include "device.cuh"

KERNEL occupancy_loss(
    const float* base, const float* fine, int stride, const float* target, const float* weight, int count,
    float* terms, float* logitGradient) {
  using namespace roomfield;
  int i = thread_index();
  if (i >= count) {
    return;
  }
  float x = kSharpness * (base[i * stride] + (fine == nullptr ? 0.f : fine[i]));
  float softplus = (x > 0.f ? x : x == x ? 0.f : x) + log1pf(expf(-fabsf(x)));
  terms[i] = weight[i] * (softplus - target[i] * x);
  logitGradient[i * stride] = kSharpness * weight[i] * (sigmoid(x) - target[i]);
}
EXPORT_KERNEL(occupancy_loss)

KERNEL __launch_bounds__(256, 4) sum_terms(const float* terms, int count, double* total) {
  DYNAMIC_SHARED(double, shared);
  double sum = 0.0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    sum += terms[i];
  }
  shared[threadIdx.x] = sum;
  __syncthreads();
  for (int width = blockDim.x / 2; width > 0; width /= 2) {
    if (static_cast<int>(threadIdx.x) < width) {
      shared[threadIdx.x] += shared[threadIdx.x + width];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    *total = shared[0];
  }
}
EXPORT_KERNEL(sum_terms)
