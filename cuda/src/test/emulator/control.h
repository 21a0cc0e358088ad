// What tests set and ask. Every function may be called at any time, from any thread.
#pragma once

#include <stdint.h>

#include "driver_api.h"

// Back to the state before cuInit: contexts end, settings, counters and faults are as at the start.
DRIVER_API void emulator_reset();

// The order of threads, blocks and streams from now on.
DRIVER_API void emulator_set_seed(uint64_t seed);

DRIVER_API void emulator_set_memory(uint64_t bytes);
DRIVER_API void emulator_set_compute_capability(int major, int minor);
DRIVER_API void emulator_set_device_count(int devices);
DRIVER_API void emulator_set_driver_version(int version);

// Whether allocations are looked at after each kernel for writes out of bounds (the plain build; on at the start).
DRIVER_API void emulator_set_bounds_checks(int on);

// The (after + 1)-th call from now of a function, by its name without a version (cuMemAlloc), returns this error, once;
// an error that ends a context is then returned by every later call on the current one.
DRIVER_API void emulator_fail(const char* call, int error, int after);

// Allocations on the device and of pinned memory, in all contexts, and their bytes.
DRIVER_API uint64_t emulator_live_allocations();
DRIVER_API uint64_t emulator_live_bytes();

// Allocations, streams, events, modules and graphs that were there when their context ended.
DRIVER_API uint64_t emulator_leaks();

// Kernels that have run.
DRIVER_API uint64_t emulator_launches();

// Bytes that copies have moved: 0 from host to device, 1 from device to host, 2 on the device.
DRIVER_API uint64_t emulator_copied_bytes(int direction);

// What a kernel last did wrong, empty if none did. Valid until the calling thread asks again.
DRIVER_API const char* emulator_last_failure();

DRIVER_API int emulator_is_emulated();
