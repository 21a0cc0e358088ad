// What every call of the driver's API goes through: the lock, errors that a test asked for, and the state of the
// driver and of the current context.
#pragma once

#include <exception>

#include "driver.h"
#include "driver_api.h"

namespace emulator {

// Fails if a test asked for it. A sticky error ends the current context.
void raise_fault(const char* name);

// Fails where there is none; the context may be dead.
CUctx_st& current_context();

void require_initialised();
void require_device(CUdevice device);

// Runs what is queued. A fault in it is left in the context, for release_call to tell of.
void settle(CUctx_st& context);

template <typename Body>
CUresult call(const char* name, Body body) {
  std::lock_guard<std::mutex> lock(driver().mutex);
  try {
    raise_fault(name);
    body();
    return CUDA_SUCCESS;
  } catch (const Failure& failure) {
    return failure.result;
  } catch (const std::exception&) {
    // The host has no memory for it.
    return CUDA_ERROR_OUT_OF_MEMORY;
  }
}

// A call that needs cuInit.
template <typename Body>
CUresult driver_call(const char* name, Body body) {
  return call(name, [&] {
    require_initialised();
    body();
  });
}

// A call that needs a current context without a fault, which the body gets.
template <typename Body>
CUresult context_call(const char* name, Body body) {
  return call(name, [&] {
    CUctx_st& context = current_context();
    require(context.sticky == CUDA_SUCCESS, context.sticky);
    body(context);
  });
}

// A call that releases something, which it does after a fault too, and then tells of the fault.
template <typename Body>
CUresult release_call(const char* name, Body body) {
  return call(name, [&] {
    CUctx_st& context = current_context();
    body(context);
    require(context.sticky == CUDA_SUCCESS, context.sticky);
  });
}

}  // namespace emulator
