#include "calls.h"

namespace emulator {
namespace {

bool is_sticky(CUresult result) {
  switch (result) {
    case CUDA_ERROR_DEVICE_UNAVAILABLE:
    case CUDA_ERROR_ECC_UNCORRECTABLE:
    case CUDA_ERROR_NVLINK_UNCORRECTABLE:
    case CUDA_ERROR_ILLEGAL_ADDRESS:
    case CUDA_ERROR_LAUNCH_TIMEOUT:
    case CUDA_ERROR_ASSERT:
    case CUDA_ERROR_HARDWARE_STACK_ERROR:
    case CUDA_ERROR_ILLEGAL_INSTRUCTION:
    case CUDA_ERROR_MISALIGNED_ADDRESS:
    case CUDA_ERROR_INVALID_ADDRESS_SPACE:
    case CUDA_ERROR_INVALID_PC:
    case CUDA_ERROR_LAUNCH_FAILED: return true;
    default: return false;
  }
}

}  // namespace

void raise_fault(const char* name) {
  std::vector<Fault>& faults = driver().faults;
  CUresult raised = CUDA_SUCCESS;
  for (auto fault = faults.begin(); fault != faults.end();) {
    bool due = fault->call == name && fault->calls_before-- == 0;
    raised = due ? fault->result : raised;
    fault = due ? faults.erase(fault) : fault + 1;
  }
  if (raised == CUDA_SUCCESS) {
    return;
  }
  if (is_sticky(raised) && !context_stack().empty() && !context_stack().back()->destroyed) {
    context_stack().back()->end_with(raised);
  }
  fail(raised);
}

void require_initialised() { require(driver().initialised, CUDA_ERROR_NOT_INITIALIZED); }

void require_device(CUdevice device) {
  require(device >= 0 && device < driver().settings.devices, CUDA_ERROR_INVALID_DEVICE);
}

CUctx_st& current_context() {
  require_initialised();
  require(!context_stack().empty() && context_stack().back() != nullptr, CUDA_ERROR_INVALID_CONTEXT);
  CUctx_st& context = *context_stack().back();
  require(!context.destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED);
  return context;
}

void settle(CUctx_st& context) {
  try {
    drain_all(context);
  } catch (const Failure&) {
    // In the context's sticky error.
  }
}

}  // namespace emulator
