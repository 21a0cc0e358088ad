#include "driver.h"

#include <stdio.h>

namespace emulator {

Driver& driver() {
  // Never destroyed: threads of the host may still call while the process ends.
  static Driver& instance = *new Driver;
  return instance;
}

std::vector<ContextPointer>& context_stack() {
  thread_local std::vector<ContextPointer> stack;
  thread_local uint64_t generation = 0;
  if (generation != driver().generation) {
    generation = driver().generation;
    stack.clear();
  }
  return stack;
}

void Driver::report(const std::string& failure) {
  last_failure = failure;
  fprintf(stderr, "emulated CUDA driver: %s\n", failure.c_str());
}

uint64_t Driver::used_bytes(int device) const {
  uint64_t used = 0;
  for (const ContextPointer& context : contexts) {
    if (context->device == device) {
      used += context->device_memory.bytes();
    }
  }
  return used;
}

ContextPointer Driver::make_context(int device, unsigned flags) {
  return contexts.emplace_back(std::make_shared<CUctx_st>(device, flags));
}

void Driver::destroy(CUctx_st& context) {
  counters.leaks += context.live_objects();
  context.end_with(CUDA_ERROR_CONTEXT_IS_DESTROYED);
  context.destroyed = true;
  context.device_memory = {};
  context.pinned_memory = {};
  context.streams = {};
  context.events = {};
  context.modules = {};
  context.graphs = {};
  context.executables = {};
  std::erase_if(contexts, [&](const ContextPointer& each) { return each.get() == &context; });
}

}  // namespace emulator
