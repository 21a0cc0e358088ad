#include "control.h"

#include "driver.h"

using namespace emulator;

namespace {

template <typename Use>
auto locked(Use use) {
  std::lock_guard<std::mutex> lock(driver().mutex);
  return use(driver());
}

template <typename Count>
uint64_t sum_over_allocations(Count count) {
  return locked([&](Driver& driver) {
    uint64_t sum = 0;
    for (const ContextPointer& context : driver.contexts) {
      sum += count(context->device_memory) + count(context->pinned_memory);
    }
    return sum;
  });
}

}  // namespace

void emulator_reset() {
  locked([](Driver& driver) {
    while (!driver.contexts.empty()) {
      driver.destroy(*driver.contexts.back());
    }
    driver.primary.clear();
    driver.initialised = false;
    driver.settings = {};
    driver.counters = {};
    driver.faults.clear();
    driver.random = Random(0);
    driver.last_failure.clear();
    driver.generation++;
  });
}

void emulator_set_seed(uint64_t seed) {
  locked([&](Driver& driver) { driver.random = Random(seed); });
}

void emulator_set_memory(uint64_t bytes) {
  locked([&](Driver& driver) { driver.settings.memory_bytes = bytes; });
}

void emulator_set_compute_capability(int major, int minor) {
  locked([&](Driver& driver) {
    driver.settings.major = major;
    driver.settings.minor = minor;
  });
}

void emulator_set_device_count(int devices) {
  locked([&](Driver& driver) { driver.settings.devices = devices; });
}

void emulator_set_driver_version(int version) {
  locked([&](Driver& driver) { driver.settings.driver_version = version; });
}

void emulator_set_bounds_checks(int on) {
  locked([&](Driver& driver) { driver.settings.check_bounds = on != 0; });
}

void emulator_fail(const char* call, int error, int after) {
  locked([&](Driver& driver) { driver.faults.push_back({call, static_cast<CUresult>(error), after}); });
}

uint64_t emulator_live_allocations() {
  return sum_over_allocations([](const Allocations& memory) { return memory.size(); });
}

uint64_t emulator_live_bytes() {
  return sum_over_allocations([](const Allocations& memory) { return memory.bytes(); });
}

uint64_t emulator_leaks() {
  return locked([](Driver& driver) { return driver.counters.leaks; });
}

uint64_t emulator_launches() {
  return locked([](Driver& driver) { return driver.counters.launches; });
}

uint64_t emulator_copied_bytes(int direction) {
  return locked([&](Driver& driver) {
    return direction >= 0 && direction < 3 ? driver.counters.copied_bytes[direction] : 0;
  });
}

const char* emulator_last_failure() {
  thread_local std::string copy;
  locked([](Driver& driver) { copy = driver.last_failure; });
  return copy.c_str();
}

int emulator_is_emulated() { return 1; }
