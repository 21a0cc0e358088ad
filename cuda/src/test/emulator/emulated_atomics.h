// Atomic functions. Threads switch only at barriers and shuffles, so plain reads and writes are atomic here.
#pragma once

namespace emulator {

template <typename T, typename Change>
inline T read_and_change(T* at, Change change) {
  T old = *at;
  *at = change(old);
  return old;
}

}  // namespace emulator

#define EMULATED_ATOMIC(name, type, result) \
  inline type name(type* at, type value) {  \
    return emulator::read_and_change(at, [value](type old) -> type { return result; }); \
  }
#define EMULATED_ATOMIC_INTEGERS(name, result)          \
  EMULATED_ATOMIC(name, int, result)                    \
  EMULATED_ATOMIC(name, unsigned, result)               \
  EMULATED_ATOMIC(name, unsigned long long, result)

// Sums wrap round, of signed numbers too.
inline int atomicAdd(int* at, int value) {
  return emulator::read_and_change(at, [value](int old) { return int(unsigned(old) + unsigned(value)); });
}
EMULATED_ATOMIC(atomicAdd, unsigned, old + value)
EMULATED_ATOMIC(atomicAdd, unsigned long long, old + value)
EMULATED_ATOMIC(atomicAdd, float, old + value)
EMULATED_ATOMIC(atomicAdd, double, old + value)
EMULATED_ATOMIC_INTEGERS(atomicMax, old < value ? value : old)
EMULATED_ATOMIC(atomicMax, long long, old < value ? value : old)
EMULATED_ATOMIC_INTEGERS(atomicMin, value < old ? value : old)
EMULATED_ATOMIC(atomicMin, long long, value < old ? value : old)
EMULATED_ATOMIC_INTEGERS(atomicAnd, old & value)
EMULATED_ATOMIC_INTEGERS(atomicOr, old | value)
EMULATED_ATOMIC_INTEGERS(atomicXor, old ^ value)
EMULATED_ATOMIC_INTEGERS(atomicExch, ((void)old, value))
EMULATED_ATOMIC(atomicExch, float, ((void)old, value))

#define EMULATED_ATOMIC_CAS(type)                                  \
  inline type atomicCAS(type* at, type expected, type value) {     \
    return emulator::read_and_change(                              \
        at, [expected, value](type old) { return old == expected ? value : old; }); \
  }
EMULATED_ATOMIC_CAS(int)
EMULATED_ATOMIC_CAS(unsigned)
EMULATED_ATOMIC_CAS(unsigned long long)

#undef EMULATED_ATOMIC
#undef EMULATED_ATOMIC_INTEGERS
#undef EMULATED_ATOMIC_CAS

inline void __threadfence() {}
inline void __threadfence_block() {}
