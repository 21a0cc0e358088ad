// Calls about modules, functions and launches.
#include <stdio.h>
#include <string.h>

#include <algorithm>

#include "block_scheduler.h"
#include "calls.h"
#include "device_limits.h"

namespace emulator {
namespace {

constexpr uint32_t kFatBinaryMagic = 0xBA55ED50;
constexpr char kEmulatedImage[] = "roomfield emulated kernels";

// A launch with its own copy of the parameters.
struct PreparedLaunch {
  const Kernel* kernel;
  dim3 grid;
  dim3 block;
  size_t shared_bytes;
  std::vector<std::vector<max_align_t>> storage;
  std::vector<void*> parameters;
};

void load(CUctx_st& context, CUmodule* module, const void* image) {
  require(image != nullptr, CUDA_ERROR_INVALID_VALUE);
  uint32_t magic;
  memcpy(&magic, image, sizeof magic);
  bool known = magic == kFatBinaryMagic ||
               strncmp(static_cast<const char*>(image), kEmulatedImage, sizeof kEmulatedImage - 1) == 0;
  require(known, CUDA_ERROR_INVALID_IMAGE);
  refuse_any_capture(context);
  *module = context.modules.add();
}

// Handles of functions live as long as their module.
CUfunc_st& function_at(CUctx_st& context, CUfunction handle) {
  for (const auto& module : context.modules) {
    for (const auto& [name, function] : module->functions) {
      if (function.get() == handle) {
        return *function;
      }
    }
  }
  fail(CUDA_ERROR_INVALID_HANDLE);
}

void require_size(const dim3& size, const int (&largest)[3]) {
  auto within = [](unsigned n, int limit) { return n >= 1 && n <= static_cast<unsigned>(limit); };
  require(within(size.x, largest[0]) && within(size.y, largest[1]) && within(size.z, largest[2]),
          CUDA_ERROR_INVALID_VALUE);
}

void copy_parameters(PreparedLaunch& launch, void* const* parameters) {
  require(parameters != nullptr || launch.kernel->parameter_count == 0, CUDA_ERROR_INVALID_VALUE);
  for (size_t i = 0; i < launch.kernel->parameter_count; i++) {
    require(parameters[i] != nullptr, CUDA_ERROR_INVALID_VALUE);
    size_t bytes = launch.kernel->parameter_sizes[i];
    auto& copied = launch.storage.emplace_back((bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t));
    memcpy(copied.data(), parameters[i], bytes);
    launch.parameters.push_back(copied.data());
  }
}

// Memory of other contexts counts too: a wild pointer knows no bounds.
void require_bounds_kept(const Kernel& kernel) {
  for (const ContextPointer& context : driver().contexts) {
    for (Allocations* memory : {&context->device_memory, &context->pinned_memory}) {
      std::string fault = memory->out_of_bounds();
      if (!fault.empty()) {
        driver().report("kernel " + std::string(kernel.name) + ": " + fault);
        fail(CUDA_ERROR_ILLEGAL_ADDRESS);
      }
    }
  }
}

void execute(const PreparedLaunch& launch) {
  driver().counters.launches++;
  std::string fault = run_launch({launch.kernel, launch.parameters.data(), launch.grid, launch.block,
                                  launch.shared_bytes, driver().random.next()});
  if (!fault.empty()) {
    driver().report(fault);
    fail(CUDA_ERROR_LAUNCH_FAILED);
  }
  if (driver().settings.check_bounds) {
    require_bounds_kept(*launch.kernel);
  }
}

int attribute_value(const CUfunc_st& function, CUfunction_attribute attribute) {
  const Settings& settings = driver().settings;
  switch (attribute) {
    case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK: return kMaximumBlockThreads;
    case CU_FUNC_ATTRIBUTE_NUM_REGS: return 32;
    case CU_FUNC_ATTRIBUTE_PTX_VERSION:
    case CU_FUNC_ATTRIBUTE_BINARY_VERSION: return settings.major * 10 + settings.minor;
    case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES: return function.maximum_shared_bytes;
    case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT: return -1;
    case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
    case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
    case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
    case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA: return 0;
  }
  fail(CUDA_ERROR_INVALID_VALUE);
}

int resident_blocks(int threads, size_t shared_bytes) {
  const Settings& settings = driver().settings;
  require(threads > 0, CUDA_ERROR_INVALID_VALUE);
  int rounded = (threads + kWarpSize - 1) / kWarpSize * kWarpSize;
  int blocks = std::min(kBlocksPerMultiprocessor, threads_per_multiprocessor(settings) / rounded);
  if (shared_bytes > 0) {
    size_t fitting = static_cast<size_t>(opt_in_shared_bytes(settings)) / shared_bytes;
    blocks = static_cast<int>(std::min<size_t>(static_cast<size_t>(blocks), fitting));
  }
  return threads > static_cast<int>(kMaximumBlockThreads) ? 0 : blocks;
}

}  // namespace
}  // namespace emulator

using namespace emulator;

DRIVER_API CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  return context_call("cuModuleLoadData", [&](CUctx_st& context) { load(context, module, image); });
}

DRIVER_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned, int*, void**) {
  return context_call("cuModuleLoadDataEx", [&](CUctx_st& context) { load(context, module, image); });
}

DRIVER_API CUresult cuModuleUnload(CUmodule module) {
  return release_call("cuModuleUnload", [&](CUctx_st& context) {
    context.modules.at(module);
    settle(context);
    context.modules.remove(module);
  });
}

DRIVER_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
  return context_call("cuModuleGetFunction", [&](CUctx_st& context) {
    auto& functions = context.modules.at(module).functions;
    const Kernel* kernel = find_kernel(name);
    require(kernel != nullptr, CUDA_ERROR_NOT_FOUND);
    auto& found = functions[name];
    if (found == nullptr) {
      found = std::make_unique<CUfunc_st>(kernel, kSharedBytes);
    }
    *function = found.get();
  });
}

DRIVER_API CUresult cuFuncGetAttribute(int* value, CUfunction_attribute attribute, CUfunction function) {
  return context_call("cuFuncGetAttribute", [&](CUctx_st& context) {
    *value = attribute_value(function_at(context, function), attribute);
  });
}

DRIVER_API CUresult cuFuncSetAttribute(CUfunction handle, CUfunction_attribute attribute, int value) {
  return context_call("cuFuncSetAttribute", [&](CUctx_st& context) {
    CUfunc_st& function = function_at(context, handle);
    if (attribute == CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT) {
      return;
    }
    require(attribute == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES && value >= 0 &&
                value <= opt_in_shared_bytes(driver().settings),
            CUDA_ERROR_INVALID_VALUE);
    function.maximum_shared_bytes = value;
  });
}

DRIVER_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction function, int threads,
                                                                size_t shared_bytes) {
  return context_call("cuOccupancyMaxActiveBlocksPerMultiprocessor", [&](CUctx_st& context) {
    function_at(context, function);
    *blocks = resident_blocks(threads, shared_bytes);
  });
}

DRIVER_API CUresult cuLaunchKernel(CUfunction handle, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                   unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                                   CUstream stream, void** parameters, void** extra) {
  return context_call("cuLaunchKernel", [&](CUctx_st& context) {
    const CUfunc_st& function = function_at(context, handle);
    auto launch = std::make_shared<PreparedLaunch>();
    launch->kernel = function.kernel;
    launch->grid = {grid_x, grid_y, grid_z};
    launch->block = {block_x, block_y, block_z};
    launch->shared_bytes = shared_bytes;
    require_size(launch->grid, kMaximumGrid);
    require_size(launch->block, kMaximumBlock);
    require(uint64_t{block_x} * block_y * block_z <= kMaximumBlockThreads, CUDA_ERROR_INVALID_VALUE);
    require(shared_bytes <= static_cast<unsigned>(function.maximum_shared_bytes), CUDA_ERROR_INVALID_VALUE);
    // Parameters in one buffer: no caller of ours passes them so.
    require(extra == nullptr, CUDA_ERROR_NOT_SUPPORTED);
    copy_parameters(*launch, parameters);
    enqueue(context.stream(stream), [launch] { execute(*launch); });
  });
}
