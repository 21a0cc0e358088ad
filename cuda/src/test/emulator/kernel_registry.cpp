#include "kernel_registry.h"

#include <map>
#include <string>

namespace emulator {
namespace {

std::map<std::string, Kernel>& registry() {
  static std::map<std::string, Kernel> kernels;
  return kernels;
}

}  // namespace

void register_kernel(const Kernel& kernel) { registry()[kernel.name] = kernel; }

const Kernel* find_kernel(const char* name) {
  auto found = registry().find(name);
  return found == registry().end() ? nullptr : &found->second;
}

}  // namespace emulator
