// Sums that do not depend on the order of their terms: 64-bit integers in units of 2^-40. Float sums by atomics would
// differ from run to run, and a session must be repeatable (docs/adr/0016).
#pragma once

#include "device.cuh"

namespace roomfield {

constexpr float kUnitsPerOne = 1099511627776.f;  // 2^40
// Terms are clamped to this, so that fewer than 2^7 of the largest, and any number of sane ones, fit.
constexpr float kLargestTerm = 16384.f;
// A sum that a NaN went into is not below this, unless as many of the largest terms are taken from it.
constexpr long long kNotANumber = 1LL << 61;

__device__ __forceinline__ void add_fixed(unsigned long long* sum, float term) {
  if (term == 0.f) {
    return;
  }
  if (term != term) {
    atomicMax(reinterpret_cast<long long*>(sum), 1LL << 62);
    return;
  }
  float clamped = fminf(fmaxf(term, -kLargestTerm), kLargestTerm);
  atomicAdd(sum, static_cast<unsigned long long>(__float2ll_rn(clamped * kUnitsPerOne)));
}

__device__ __forceinline__ float from_fixed(unsigned long long sum) {
  long long units = static_cast<long long>(sum);
  return units >= kNotANumber ? __int_as_float(0x7fc00000) : static_cast<float>(units) / kUnitsPerOne;
}

}  // namespace roomfield
