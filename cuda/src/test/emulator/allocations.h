// The allocations of a context in one kind of memory: on the device, or pinned on the host.
#pragma once

#include <stdint.h>

#include <map>
#include <string>

#include "guarded_memory.h"

namespace emulator {

class Allocations {
 public:
  // Throws std::bad_alloc.
  void* add(size_t bytes);

  // Returns what was written out of bounds, or nothing. Fails with CUDA_ERROR_INVALID_VALUE where none begins there.
  std::string remove(const void* start);

  // Whether one allocation holds all of this.
  bool contain(const void* start, size_t bytes) const;

  // The same of the first byte.
  bool contain_start(const void* start) const;

  // What was written out of bounds since the last look, or nothing.
  std::string out_of_bounds();

  size_t size() const { return by_start_.size(); }
  uint64_t bytes() const { return bytes_; }

 private:
  std::map<uintptr_t, GuardedMemory> by_start_;
  uint64_t bytes_ = 0;
};

}  // namespace emulator
