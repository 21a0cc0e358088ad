#include "allocations.h"

#include <stdio.h>

#include <utility>

#include "failure.h"

namespace emulator {
namespace {

std::string describe(const GuardedMemory& memory) {
  char text[96];
  snprintf(text, sizeof text, "written outside of the allocation of %zu bytes at %p", memory.bytes(),
           static_cast<void*>(memory.data()));
  return text;
}

}  // namespace

void* Allocations::add(size_t bytes) {
  GuardedMemory memory(bytes);
  char* start = memory.data();
  by_start_.emplace(reinterpret_cast<uintptr_t>(start), std::move(memory));
  bytes_ += bytes;
  return start;
}

std::string Allocations::remove(const void* start) {
  auto found = by_start_.find(reinterpret_cast<uintptr_t>(start));
  require(found != by_start_.end(), CUDA_ERROR_INVALID_VALUE);
  std::string fault = found->second.intact() ? "" : describe(found->second);
  bytes_ -= found->second.bytes();
  by_start_.erase(found);
  return fault;
}

bool Allocations::contain(const void* start, size_t bytes) const {
  uintptr_t at = reinterpret_cast<uintptr_t>(start);
  auto after = by_start_.upper_bound(at);
  if (after == by_start_.begin()) {
    return false;
  }
  const auto& [first, memory] = *--after;
  size_t offset = at - first;
  return offset < memory.bytes() && bytes <= memory.bytes() - offset;
}

bool Allocations::contain_start(const void* start) const { return contain(start, 1); }

std::string Allocations::out_of_bounds() {
  for (auto& [start, memory] : by_start_) {
    if (!memory.intact()) {
      memory.mend();
      return describe(memory);
    }
  }
  return "";
}

}  // namespace emulator
