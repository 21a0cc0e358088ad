// Arithmetic of CUDA C++. <math.h> brings expf, rintf, isnan and their like into the global namespace.
#pragma once

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace emulator {

template <typename To, typename From>
inline To same_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}

// The device's conversions saturate, and turn NaN into 0 (32 bits) or the smallest number (64 bits).
template <typename Integer, typename Real>
inline Integer saturated(Real rounded, Integer smallest, Integer largest, Integer not_a_number) {
  if (rounded != rounded) {
    return not_a_number;
  }
  if (rounded <= static_cast<Real>(smallest)) {
    return smallest;
  }
  return rounded >= static_cast<Real>(largest) ? largest : static_cast<Integer>(rounded);
}

inline int to_int(float rounded) { return saturated<int>(rounded, INT_MIN, INT_MAX, 0); }

template <typename Real>
inline long long to_long_long(Real rounded) {
  return saturated<long long>(rounded, LLONG_MIN, LLONG_MAX, LLONG_MIN);
}

}  // namespace emulator

inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __frcp_rn(float a) { return 1.f / a; }
inline float __fdividef(float a, float b) { return a / b; }
inline float __sinf(float a) { return sinf(a); }
inline float __cosf(float a) { return cosf(a); }
inline float __expf(float a) { return expf(a); }
inline float __logf(float a) { return logf(a); }
inline float __powf(float a, float b) { return powf(a, b); }
inline float rsqrtf(float a) { return 1.f / sqrtf(a); }
inline float __saturatef(float a) { return a >= 0.f ? fminf(a, 1.f) : 0.f; }

inline int __float2int_rn(float a) { return emulator::to_int(rintf(a)); }
inline int __float2int_rd(float a) { return emulator::to_int(floorf(a)); }
inline int __float2int_ru(float a) { return emulator::to_int(ceilf(a)); }
inline int __float2int_rz(float a) { return emulator::to_int(truncf(a)); }
inline long long __float2ll_rn(float a) { return emulator::to_long_long(rintf(a)); }
inline long long __double2ll_rn(double a) { return emulator::to_long_long(rint(a)); }
inline float __int2float_rn(int a) { return static_cast<float>(a); }
inline float __ll2float_rn(long long a) { return static_cast<float>(a); }
inline double __ll2double_rn(long long a) { return static_cast<double>(a); }

inline int __float_as_int(float a) { return emulator::same_bits<int>(a); }
inline unsigned __float_as_uint(float a) { return emulator::same_bits<unsigned>(a); }
inline float __int_as_float(int a) { return emulator::same_bits<float>(a); }
inline float __uint_as_float(unsigned a) { return emulator::same_bits<float>(a); }
inline long long __double_as_longlong(double a) { return emulator::same_bits<long long>(a); }
inline double __longlong_as_double(long long a) { return emulator::same_bits<double>(a); }

inline int __popc(unsigned a) { return __builtin_popcount(a); }
inline int __popcll(unsigned long long a) { return __builtin_popcountll(a); }
inline int __ffs(int a) { return __builtin_ffs(a); }
inline int __ffsll(long long a) { return __builtin_ffsll(a); }
inline int __clz(int a) { return a == 0 ? 32 : __builtin_clz(static_cast<unsigned>(a)); }
inline int __clzll(long long a) { return a == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(a)); }

// Like the device's, min and max of a NaN and a number are the number.
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
#define EMULATED_MIN_MAX(type)                               \
  inline type min(type a, type b) { return b < a ? b : a; }  \
  inline type max(type a, type b) { return a < b ? b : a; }
EMULATED_MIN_MAX(int)
EMULATED_MIN_MAX(unsigned)
EMULATED_MIN_MAX(long)
EMULATED_MIN_MAX(unsigned long)
EMULATED_MIN_MAX(long long)
EMULATED_MIN_MAX(unsigned long long)
#undef EMULATED_MIN_MAX

template <typename T>
inline T __ldg(const T* at) {
  return *at;
}
