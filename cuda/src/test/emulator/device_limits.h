// What the emulated device can do, by its compute capability.
#pragma once

#include "driver.h"

namespace emulator {

constexpr int kMultiprocessors = 4;
constexpr int kWarpSize = 32;
constexpr int kSharedBytes = 48 << 10;
constexpr int kBlocksPerMultiprocessor = 16;
constexpr int kMaximumBlock[] = {1024, 1024, 64};
constexpr int kMaximumGrid[] = {2147483647, 65535, 65535};

// Shared memory of a block that asks for more than the default.
inline int opt_in_shared_bytes(const Settings& settings) {
  switch (settings.major * 10 + settings.minor) {
    case 70: return 96 << 10;
    case 75: return 64 << 10;
    case 80:
    case 87: return 163 << 10;
    case 86:
    case 89:
    case 120: return 99 << 10;
    case 90:
    case 100: return 227 << 10;
    default: return kSharedBytes;
  }
}

inline int threads_per_multiprocessor(const Settings& settings) {
  switch (settings.major * 10 + settings.minor) {
    case 75: return 1024;
    case 86:
    case 89:
    case 120: return 1536;
    default: return 2048;
  }
}

}  // namespace emulator
