// Numbers of half precision (IEEE 754 binary16), which are stored and converted but not computed with.
#pragma once

#include <stdint.h>

#include "emulated_math.h"

struct alignas(2) half {
  uint16_t bits;
};

inline float __half2float(half a) {
  uint32_t sign = (a.bits & 0x8000u) << 16;
  uint32_t exponent = a.bits >> 10 & 0x1fu;
  uint32_t fraction = a.bits & 0x3ffu;
  if (exponent == 0) {
    float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -magnitude : magnitude;
  }
  exponent = exponent == 0x1f ? 0xff : exponent + (127 - 15);
  return emulator::same_bits<float>(sign | exponent << 23 | fraction << 13);
}

// To the nearest, ties to even; beyond the largest to infinity.
inline half __float2half_rn(float a) {
  uint32_t bits = emulator::same_bits<uint32_t>(a);
  uint16_t sign = static_cast<uint16_t>(bits >> 16 & 0x8000u);
  float magnitude = emulator::same_bits<float>(bits & 0x7fffffffu);
  if (magnitude != magnitude) {
    return {0x7fff};
  }
  if (magnitude >= 65520.f) {
    return {static_cast<uint16_t>(sign | 0x7c00u)};
  }
  if (magnitude < 0x1p-14f) {
    // Below the smallest normal number in steps of 2^-24.
    return {static_cast<uint16_t>(sign | static_cast<uint16_t>(rintf(magnitude * 0x1p24f)))};
  }
  uint32_t normal = emulator::same_bits<uint32_t>(magnitude);
  uint32_t even = normal >> 13 & 1u;
  uint32_t rounded = (normal + 0xfffu + even) >> 13;
  return {static_cast<uint16_t>(sign | (rounded - ((127 - 15) << 10)))};
}
