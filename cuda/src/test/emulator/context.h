// A context and what it owns.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "allocations.h"
#include "handles.h"
#include "kernel_registry.h"
#include "stream.h"

struct CUfunc_st {
  const emulator::Kernel* kernel;
  int maximum_shared_bytes;
};

struct CUmod_st {
  std::map<std::string, std::unique_ptr<CUfunc_st>> functions;
};

struct CUctx_st {
  int device;
  unsigned flags;
  // Of the primary context.
  int retained = 0;
  bool destroyed = false;
  // What every call returns after a fault.
  CUresult sticky = CUDA_SUCCESS;

  emulator::Allocations device_memory;
  emulator::Allocations pinned_memory;
  CUstream_st legacy{this, true, 0, {}, {}};
  emulator::Handles<CUstream_st> streams;
  emulator::Handles<CUevent_st> events;
  emulator::Handles<CUmod_st> modules;
  emulator::Handles<CUgraph_st> graphs;
  emulator::Handles<CUgraphExec_st> executables;

  CUctx_st(int device_, unsigned flags_) : device(device_), flags(flags_) {}

  // Null and CU_STREAM_LEGACY are the legacy default stream.
  CUstream_st& stream(CUstream handle) {
    return reinterpret_cast<uintptr_t>(handle) <= 1 ? legacy : streams.at(handle);
  }

  // All streams, the legacy one too.
  template <typename Use>
  void for_each_stream(Use use) {
    use(legacy);
    for (const auto& each : streams) {
      use(*each);
    }
  }

  size_t live_objects() const {
    return device_memory.size() + pinned_memory.size() + streams.size() + events.size() + modules.size() +
           graphs.size() + executables.size();
  }

  // A fault: nothing that is queued runs any more, and no capture goes on.
  void end_with(CUresult fault) {
    sticky = fault;
    for_each_stream([](CUstream_st& each) {
      each.queue.clear();
      each.capture = nullptr;
    });
  }
};
