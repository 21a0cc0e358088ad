// Calls about the driver and its devices.
#include <stdio.h>
#include <string.h>

#include "block_scheduler.h"
#include "calls.h"
#include "device_limits.h"

namespace emulator {
namespace {

int attribute_value(CUdevice_attribute attribute, CUdevice device) {
  const Settings& settings = driver().settings;
  switch (attribute) {
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK: return kMaximumBlockThreads;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X: return kMaximumBlock[0];
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y: return kMaximumBlock[1];
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z: return kMaximumBlock[2];
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X: return kMaximumGrid[0];
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y: return kMaximumGrid[1];
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z: return kMaximumGrid[2];
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK: return kSharedBytes;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR: return opt_in_shared_bytes(settings);
    case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY: return 64 << 10;
    case CU_DEVICE_ATTRIBUTE_WARP_SIZE: return kWarpSize;
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR: return 64 << 10;
    case CU_DEVICE_ATTRIBUTE_CLOCK_RATE: return 1'500'000;
    case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE: return 5'000'000;
    case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH: return 128;
    case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE: return 1 << 20;
    case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: return kMultiprocessors;
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR: return threads_per_multiprocessor(settings);
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR: return kBlocksPerMultiprocessor;
    case CU_DEVICE_ATTRIBUTE_GPU_OVERLAP:
    case CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
    case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS:
    case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT:
    case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
    case CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED: return 1;
    case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID: return device + 1;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: return settings.major;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: return settings.minor;
    default: break;
  }
  require(attribute > 0 && attribute < CU_DEVICE_ATTRIBUTE_LAST_KNOWN, CUDA_ERROR_INVALID_VALUE);
  return 0;
}

// Null for a number that is none.
const char* name_of(CUresult result) {
  switch (result) {
#define EMULATED_RESULT(name, value) \
  case name: return #name;
    EMULATED_RESULTS(EMULATED_RESULT)
#undef EMULATED_RESULT
  }
  return nullptr;
}

CUresult give_name(CUresult result, const char** text) {
  *text = name_of(result);
  return *text == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

}  // namespace
}  // namespace emulator

using namespace emulator;

DRIVER_API CUresult cuInit(unsigned flags) {
  return call("cuInit", [&] {
    require(flags == 0, CUDA_ERROR_INVALID_VALUE);
    require(driver().settings.devices > 0, CUDA_ERROR_NO_DEVICE);
    driver().initialised = true;
  });
}

DRIVER_API CUresult cuDriverGetVersion(int* version) {
  return call("cuDriverGetVersion", [&] { *version = driver().settings.driver_version; });
}

DRIVER_API CUresult cuDeviceGetCount(int* count) {
  return driver_call("cuDeviceGetCount", [&] { *count = driver().settings.devices; });
}

DRIVER_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  return driver_call("cuDeviceGet", [&] {
    require_device(ordinal);
    *device = ordinal;
  });
}

DRIVER_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
  return driver_call("cuDeviceGetName", [&] {
    require_device(device);
    require(length > 0, CUDA_ERROR_INVALID_VALUE);
    snprintf(name, static_cast<size_t>(length), "Emulated device (CPU)");
  });
}

DRIVER_API CUresult cuDeviceGetUuid(CUuuid* uuid, CUdevice device) {
  return driver_call("cuDeviceGetUuid", [&] {
    require_device(device);
    memset(uuid->bytes, 0, sizeof uuid->bytes);
    snprintf(uuid->bytes, sizeof uuid->bytes, "emulated %d", device);
  });
}

DRIVER_API CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice device) {
  return driver_call("cuDeviceGetAttribute", [&] {
    require_device(device);
    *value = attribute_value(attribute, device);
  });
}

DRIVER_API CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
  return driver_call("cuDeviceComputeCapability", [&] {
    require_device(device);
    *major = driver().settings.major;
    *minor = driver().settings.minor;
  });
}

DRIVER_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
  return driver_call("cuDeviceTotalMem", [&] {
    require_device(device);
    *bytes = driver().settings.memory_bytes;
  });
}

DRIVER_API CUresult cuGetErrorName(CUresult result, const char** text) { return give_name(result, text); }

DRIVER_API CUresult cuGetErrorString(CUresult result, const char** text) { return give_name(result, text); }
