// Kernels by name, each with what it takes to copy its parameters when it is enqueued and to call it later.
#pragma once

#include <stddef.h>

#include <utility>

namespace emulator {

struct Kernel {
  const char* name;
  // Runs the kernel as one thread, with pointers to its parameters.
  void (*run)(void* const* parameters);
  size_t parameter_count;
  const size_t* parameter_sizes;
};

void register_kernel(const Kernel& kernel);

// Null where there is none.
const Kernel* find_kernel(const char* name);

template <auto kernel>
struct KernelRegistration;

template <typename... Parameters, void (*kernel)(Parameters...)>
struct KernelRegistration<kernel> {
  explicit KernelRegistration(const char* name) {
    register_kernel({name, run, sizeof...(Parameters), sizes});
  }

  static void run(void* const* parameters) { call(parameters, std::index_sequence_for<Parameters...>{}); }

  template <size_t... index>
  static void call([[maybe_unused]] void* const* parameters, std::index_sequence<index...>) {
    kernel(*static_cast<Parameters*>(parameters[index])...);
  }

  // A zero ends the list, so that it is an array for a kernel without parameters too.
  static constexpr size_t sizes[] = {sizeof(Parameters)..., 0};
};

}  // namespace emulator
