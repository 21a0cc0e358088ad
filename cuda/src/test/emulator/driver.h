// The state of the emulated driver.
#pragma once

#include <stdint.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "context.h"
#include "random.h"

namespace emulator {

struct Settings {
  uint64_t memory_bytes = uint64_t{4} << 30;
  int major = 7;
  int minor = 5;
  int devices = 1;
  int driver_version = 12060;
  bool check_bounds = true;
};

enum class Direction { host_to_device, device_to_host, device_to_device };

struct Counters {
  uint64_t launches = 0;
  uint64_t leaks = 0;
  uint64_t copied_bytes[3] = {};
};

// An error that a test asked for.
struct Fault {
  std::string call;
  CUresult result;
  int calls_before;
};

using ContextPointer = std::shared_ptr<CUctx_st>;

struct Driver {
  // Held by whoever is inside of the driver, kernels too.
  std::mutex mutex;
  bool initialised = false;
  Settings settings;
  Counters counters;
  std::vector<Fault> faults;
  Random random{0};
  std::string last_failure;
  std::vector<ContextPointer> contexts;
  // By device.
  std::map<int, ContextPointer> primary;
  // Of resets: contexts that threads have from before count for nothing.
  uint64_t generation = 0;

  // Says on stderr what went wrong, and keeps it for emulator_last_failure.
  void report(const std::string& failure);

  uint64_t used_bytes(int device) const;

  ContextPointer make_context(int device, unsigned flags);

  // Frees what the context owns, and counts that as leaks.
  void destroy(CUctx_st& context);
};

Driver& driver();

// The contexts that the calling thread has pushed, the current one last.
std::vector<ContextPointer>& context_stack();

}  // namespace emulator
