// CUDA C++ as kernels see it, on the CPU: g++ compiles the kernels' own sources with this in place of nvcc's headers.
// Kernels have no static shared memory: __shared__ is left undefined so that g++ refuses it; use DYNAMIC_SHARED.
#pragma once

#include "emulated_atomics.h"
#include "emulated_half.h"
#include "emulated_math.h"
#include "emulated_vectors.h"
#include "emulated_warp.h"
#include "emulated_wmma.h"
#include "kernel_registry.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(bytes) alignas(bytes)
#define __launch_bounds__(...)
#define __grid_constant__

// As many bytes as the launch asked for, filled with 0xFF at the start of each block.
#define DYNAMIC_SHARED(type, name) type* name = static_cast<type*>(emulator::dynamic_shared())

// Lets cuModuleGetFunction find the kernel by its name.
#define EXPORT_KERNEL(name) static const emulator::KernelRegistration<name> registration_of_##name{#name};
