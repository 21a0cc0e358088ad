// What the address sanitizer has to be told about memory and stacks; nothing in the plain build.
#pragma once

#include <stddef.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulator {

#ifdef __SANITIZE_ADDRESS__

constexpr bool kSanitized = true;

inline void forbid(const void* at, size_t bytes) { __asan_poison_memory_region(at, bytes); }

inline void allow(const void* at, size_t bytes) { __asan_unpoison_memory_region(at, bytes); }

inline void before_switch(void** fake_stack, const void* bottom, size_t bytes) {
  __sanitizer_start_switch_fiber(fake_stack, bottom, bytes);
}

// bottom and bytes receive the bounds of the stack that was left.
inline void after_switch(void* fake_stack, const void** bottom, size_t* bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, bottom, bytes);
}

#else

constexpr bool kSanitized = false;

inline void forbid(const void*, size_t) {}

inline void allow(const void*, size_t) {}

inline void before_switch(void**, const void*, size_t) {}

inline void after_switch(void*, const void**, size_t*) {}

#endif

}  // namespace emulator
