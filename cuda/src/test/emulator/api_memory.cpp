// Calls about memory.
#include <string.h>

#include <algorithm>

#include "calls.h"

namespace emulator {
namespace {

void* pointer(CUdeviceptr at) { return reinterpret_cast<void*>(at); }

CUdeviceptr address(const void* at) { return reinterpret_cast<CUdeviceptr>(at); }

void require_device_range(const CUctx_st& context, CUdeviceptr start, size_t bytes) {
  require(bytes == 0 || context.device_memory.contain(pointer(start), bytes), CUDA_ERROR_INVALID_VALUE);
}

// Any memory of the host will do, but pinned memory only within its bounds. Returns whether it is pinned.
bool require_host_range(const CUctx_st& context, const void* start, size_t bytes) {
  require(bytes == 0 || start != nullptr, CUDA_ERROR_INVALID_VALUE);
  bool pinned = context.pinned_memory.contain_start(start);
  require(!pinned || context.pinned_memory.contain(start, bytes), CUDA_ERROR_INVALID_VALUE);
  return pinned;
}

void copy(Direction direction, void* to, const void* from, size_t bytes) {
  if (bytes > 0) {
    memmove(to, from, bytes);
  }
  driver().counters.copied_bytes[static_cast<int>(direction)] += bytes;
}

// Both ends of queued work may have been freed by the time it runs.
void require_live(const CUctx_st& context, CUdeviceptr start, size_t bytes) {
  require(bytes == 0 || context.device_memory.contain(pointer(start), bytes), CUDA_ERROR_ILLEGAL_ADDRESS);
}

void require_pinned(const CUctx_st& context, const void* start, size_t bytes) {
  require(context.pinned_memory.contain(start, bytes), CUDA_ERROR_ILLEGAL_ADDRESS);
}

void before_synchronous(CUctx_st& context) {
  refuse_any_capture(context);
  refuse_implicit_capture(context);
  drain_blocking(context);
}

void enqueue_to_device(CUctx_st& context, CUstream_st& stream, CUdeviceptr to, const void* from, size_t bytes) {
  require_device_range(context, to, bytes);
  if (require_host_range(context, from, bytes)) {
    enqueue(stream, [=, &context] {
      require_live(context, to, bytes);
      require_pinned(context, from, bytes);
      copy(Direction::host_to_device, pointer(to), from, bytes);
    });
    return;
  }
  // Pageable memory is staged when the copy is enqueued.
  refuse_capture(stream);
  const char* first = static_cast<const char*>(from);
  auto staged = std::make_shared<std::vector<char>>(first, first + bytes);
  enqueue(stream, [=, &context] {
    require_live(context, to, bytes);
    copy(Direction::host_to_device, pointer(to), staged->data(), bytes);
  });
}

void enqueue_to_host(CUctx_st& context, CUstream_st& stream, void* to, CUdeviceptr from, size_t bytes) {
  require_device_range(context, from, bytes);
  if (require_host_range(context, to, bytes)) {
    enqueue(stream, [=, &context] {
      require_live(context, from, bytes);
      require_pinned(context, to, bytes);
      copy(Direction::device_to_host, to, pointer(from), bytes);
    });
    return;
  }
  // A copy to pageable memory returns when it is done: the memory may be gone later.
  refuse_capture(stream);
  enqueue(stream, [=] { copy(Direction::device_to_host, to, pointer(from), bytes); });
  drain(stream);
}

void enqueue_on_device(CUctx_st& context, CUstream_st& stream, CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  require_device_range(context, to, bytes);
  require_device_range(context, from, bytes);
  enqueue(stream, [=, &context] {
    require_live(context, to, bytes);
    require_live(context, from, bytes);
    copy(Direction::device_to_device, pointer(to), pointer(from), bytes);
  });
}

template <typename T>
void enqueue_fill(CUctx_st& context, CUstream_st& stream, CUdeviceptr to, T value, size_t count) {
  size_t bytes = count * sizeof(T);
  require(to % sizeof(T) == 0, CUDA_ERROR_INVALID_VALUE);
  require_device_range(context, to, bytes);
  enqueue(stream, [=, &context] {
    require_live(context, to, bytes);
    std::fill_n(static_cast<T*>(pointer(to)), count, value);
  });
}

void release(CUctx_st& context, Allocations& memory, const void* start) {
  refuse_any_capture(context);
  settle(context);
  std::string fault = memory.remove(start);
  if (!fault.empty()) {
    driver().report(fault);
    context.end_with(CUDA_ERROR_ILLEGAL_ADDRESS);
  }
}

void allocate_pinned(CUctx_st& context, void** start, size_t bytes) {
  require(bytes > 0, CUDA_ERROR_INVALID_VALUE);
  refuse_any_capture(context);
  *start = context.pinned_memory.add(bytes);
}

}  // namespace
}  // namespace emulator

using namespace emulator;

DRIVER_API CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
  return context_call("cuMemGetInfo", [&](CUctx_st& context) {
    *total = driver().settings.memory_bytes;
    *free = *total - std::min<size_t>(*total, driver().used_bytes(context.device));
  });
}

DRIVER_API CUresult cuMemAlloc_v2(CUdeviceptr* start, size_t bytes) {
  return context_call("cuMemAlloc", [&](CUctx_st& context) {
    require(bytes > 0, CUDA_ERROR_INVALID_VALUE);
    refuse_any_capture(context);
    size_t total = driver().settings.memory_bytes;
    size_t used = driver().used_bytes(context.device);
    require(used <= total && bytes <= total - used, CUDA_ERROR_OUT_OF_MEMORY);
    *start = address(context.device_memory.add(bytes));
  });
}

DRIVER_API CUresult cuMemFree_v2(CUdeviceptr start) {
  return release_call("cuMemFree", [&](CUctx_st& context) {
    if (start != 0) {
      release(context, context.device_memory, pointer(start));
    }
  });
}

DRIVER_API CUresult cuMemAllocHost_v2(void** start, size_t bytes) {
  return context_call("cuMemAllocHost", [&](CUctx_st& context) { allocate_pinned(context, start, bytes); });
}

DRIVER_API CUresult cuMemHostAlloc(void** start, size_t bytes, unsigned) {
  return context_call("cuMemHostAlloc", [&](CUctx_st& context) { allocate_pinned(context, start, bytes); });
}

DRIVER_API CUresult cuMemFreeHost(void* start) {
  return release_call("cuMemFreeHost", [&](CUctx_st& context) {
    if (start != nullptr) {
      release(context, context.pinned_memory, start);
    }
  });
}

DRIVER_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* device, void* host, unsigned) {
  return context_call("cuMemHostGetDevicePointer", [&](CUctx_st& context) {
    require(context.pinned_memory.contain_start(host), CUDA_ERROR_INVALID_VALUE);
    *device = address(host);
  });
}

DRIVER_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
  return context_call("cuMemcpyHtoD", [&](CUctx_st& context) {
    require_device_range(context, to, bytes);
    require_host_range(context, from, bytes);
    before_synchronous(context);
    copy(Direction::host_to_device, pointer(to), from, bytes);
  });
}

DRIVER_API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
  return context_call("cuMemcpyDtoH", [&](CUctx_st& context) {
    require_device_range(context, from, bytes);
    require_host_range(context, to, bytes);
    before_synchronous(context);
    copy(Direction::device_to_host, to, pointer(from), bytes);
  });
}

DRIVER_API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  return context_call("cuMemcpyDtoD",
                      [&](CUctx_st& context) { enqueue_on_device(context, context.legacy, to, from, bytes); });
}

DRIVER_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream) {
  return context_call("cuMemcpyHtoDAsync", [&](CUctx_st& context) {
    enqueue_to_device(context, context.stream(stream), to, from, bytes);
  });
}

DRIVER_API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return context_call("cuMemcpyDtoHAsync", [&](CUctx_st& context) {
    enqueue_to_host(context, context.stream(stream), to, from, bytes);
  });
}

DRIVER_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return context_call("cuMemcpyDtoDAsync", [&](CUctx_st& context) {
    enqueue_on_device(context, context.stream(stream), to, from, bytes);
  });
}

DRIVER_API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
  return context_call("cuMemsetD8",
                      [&](CUctx_st& context) { enqueue_fill(context, context.legacy, to, value, count); });
}

DRIVER_API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
  return context_call("cuMemsetD32",
                      [&](CUctx_st& context) { enqueue_fill(context, context.legacy, to, value, count); });
}

DRIVER_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream) {
  return context_call("cuMemsetD8Async", [&](CUctx_st& context) {
    enqueue_fill(context, context.stream(stream), to, value, count);
  });
}

DRIVER_API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream) {
  return context_call("cuMemsetD32Async", [&](CUctx_st& context) {
    enqueue_fill(context, context.stream(stream), to, value, count);
  });
}
