// Calls about contexts.
#include "calls.h"

namespace emulator {
namespace {

// A handle to a context of this driver, null for null.
ContextPointer context_at(CUcontext handle) {
  if (handle == nullptr) {
    return nullptr;
  }
  for (const ContextPointer& context : driver().contexts) {
    if (context.get() == handle) {
      return context;
    }
  }
  fail(CUDA_ERROR_INVALID_CONTEXT);
}

// A thread that has pushed nothing has no current context.
void set_current(ContextPointer context) {
  if (!context_stack().empty()) {
    context_stack().pop_back();
  }
  if (context != nullptr) {
    context_stack().push_back(std::move(context));
  }
}

}  // namespace
}  // namespace emulator

using namespace emulator;

DRIVER_API CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device) {
  return driver_call("cuCtxCreate", [&] {
    require_device(device);
    context_stack().push_back(driver().make_context(device, flags));
    *context = context_stack().back().get();
  });
}

DRIVER_API CUresult cuCtxDestroy_v2(CUcontext handle) {
  return driver_call("cuCtxDestroy", [&] {
    require(handle != nullptr, CUDA_ERROR_INVALID_VALUE);
    ContextPointer context = context_at(handle);
    require(context->retained == 0, CUDA_ERROR_INVALID_CONTEXT);
    settle(*context);
    driver().destroy(*context);
    if (!context_stack().empty() && context_stack().back() == context) {
      context_stack().pop_back();
    }
  });
}

DRIVER_API CUresult cuCtxSetCurrent(CUcontext context) {
  return driver_call("cuCtxSetCurrent", [&] { set_current(context_at(context)); });
}

DRIVER_API CUresult cuCtxGetCurrent(CUcontext* context) {
  return driver_call("cuCtxGetCurrent",
                     [&] { *context = context_stack().empty() ? nullptr : context_stack().back().get(); });
}

DRIVER_API CUresult cuCtxPushCurrent_v2(CUcontext context) {
  return driver_call("cuCtxPushCurrent", [&] {
    require(context != nullptr, CUDA_ERROR_INVALID_VALUE);
    context_stack().push_back(context_at(context));
  });
}

DRIVER_API CUresult cuCtxPopCurrent_v2(CUcontext* context) {
  return driver_call("cuCtxPopCurrent", [&] {
    require(!context_stack().empty(), CUDA_ERROR_INVALID_CONTEXT);
    if (context != nullptr) {
      *context = context_stack().back().get();
    }
    context_stack().pop_back();
  });
}

DRIVER_API CUresult cuCtxGetDevice(CUdevice* device) {
  return context_call("cuCtxGetDevice", [&](CUctx_st& context) { *device = context.device; });
}

DRIVER_API CUresult cuCtxGetFlags(unsigned* flags) {
  return context_call("cuCtxGetFlags", [&](CUctx_st& context) { *flags = context.flags; });
}

DRIVER_API CUresult cuCtxSynchronize() {
  return context_call("cuCtxSynchronize", [](CUctx_st& context) {
    refuse_any_capture(context);
    drain_all(context);
  });
}

DRIVER_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  return context_call("cuCtxGetStreamPriorityRange", [&](CUctx_st&) {
    *least = 0;
    *greatest = -2;
  });
}

DRIVER_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
  return driver_call("cuDevicePrimaryCtxRetain", [&] {
    require_device(device);
    ContextPointer& primary = driver().primary[device];
    if (primary == nullptr) {
      primary = driver().make_context(device, 0);
    }
    primary->retained++;
    *context = primary.get();
  });
}

DRIVER_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  return driver_call("cuDevicePrimaryCtxRelease", [&] {
    require_device(device);
    ContextPointer& primary = driver().primary[device];
    require(primary != nullptr, CUDA_ERROR_INVALID_CONTEXT);
    if (--primary->retained == 0) {
      settle(*primary);
      driver().destroy(*primary);
      primary = nullptr;
    }
  });
}

DRIVER_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
  return driver_call("cuDevicePrimaryCtxGetState", [&] {
    require_device(device);
    *flags = 0;
    *active = driver().primary[device] != nullptr;
  });
}
