// Runs a launch: its blocks one after the other, the threads of a block as fibers in an order that changes at every
// barrier, shuffle and vote, so that a missing barrier shows up as a wrong result under some seed.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>

#include "emulated_vectors.h"
#include "kernel_registry.h"

namespace emulator {

constexpr unsigned kMaximumBlockThreads = 1024;

struct Launch {
  const Kernel* kernel;
  void* const* parameters;
  dim3 grid;
  dim3 block;
  size_t shared_bytes;
  uint64_t seed;
};

// Empty, or what the launch did wrong. One launch runs at a time.
std::string run_launch(const Launch& launch);

}  // namespace emulator
