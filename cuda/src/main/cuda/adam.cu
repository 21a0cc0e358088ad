// Adam's rule (Kingma and Ba, 2015, algorithm 1; AdamStep.java tells the formula). Oracle: ScalarBackend.adam.
//
// adam: parameters, gradient, first, second [count], one rates. One thread a parameter.
// adam_blocks: the same for feature blocks of a grid, in place on the device: blocks (entries, ceil(length / 256)) of
// 256 threads; gradients in fixed point. `group` parameters (a vertex's channels) share a bit of the mask.
#include "fixed_point.cuh"

namespace roomfield {

struct AdamRates {
  // learning rate / (1 - b1^t)
  float rate;
  // 1 / (1 - b2^t)
  float correction;
};

// One block of features, as LevelOptimizer.java writes it.
struct BlockStep {
  float* parameters;
  const unsigned long long* gradients;
  float* first;
  float* second;
  // [512 / 32], one bit a vertex.
  const unsigned* mask;
};

__device__ __forceinline__ void adam_step(AdamRates rates, float gradient, float& x, float& first, float& second) {
  constexpr float kBeta1 = 0.9f;
  constexpr float kBeta2 = 0.999f;
  constexpr float kEpsilon = 1e-8f;
  constexpr float kTinyGradient = 1e-15f;
  float g = fabsf(gradient) < kTinyGradient ? 0.f : gradient;
  first = kBeta1 * first + (1.f - kBeta1) * g;
  second = kBeta2 * second + (1.f - kBeta2) * g * g;
  x -= rates.rate * first / (sqrtf(second * rates.correction) + kEpsilon);
}

}  // namespace roomfield

KERNEL adam(
    const roomfield::AdamRates* rates, float* parameters, const float* gradient, float* first, float* second,
    int count) {
  using namespace roomfield;
  int i = thread_index();
  if (i < count) {
    adam_step(*rates, gradient[i], parameters[i], first[i], second[i]);
  }
}
EXPORT_KERNEL(adam)

KERNEL __launch_bounds__(256, 4) adam_blocks(
    const roomfield::BlockStep* steps, const roomfield::AdamRates* rates, int group, int length) {
  using namespace roomfield;
  int i = blockIdx.y * blockDim.x + threadIdx.x;
  if (i >= length) {
    return;
  }
  BlockStep step = steps[blockIdx.x];
  int vertex = i / group;
  if ((step.mask[vertex / 32] >> (vertex % 32) & 1u) != 0) {
    adam_step(rates[blockIdx.x], from_fixed(step.gradients[i]), step.parameters[i], step.first[i], step.second[i]);
  }
}
EXPORT_KERNEL(adam_blocks)
