// Barriers, shuffles and votes: the points where the emulated device switches threads.
#pragma once

#include <stdint.h>
#include <string.h>

namespace emulator {

enum class WarpOperation : uint8_t { barrier, shuffle, shuffle_up, shuffle_down, shuffle_xor, ballot, any, all };

// Waits until every lane that mask names is at the same operation; fails the launch where one never comes.
// lane is the operation's second operand: a lane, a distance or a lane mask.
uint64_t exchange(WarpOperation operation, uint32_t mask, uint64_t value, unsigned lane, int width);

void block_barrier();

void* dynamic_shared();

[[noreturn]] void trap();

// A lane that reads one outside of the mask gets all bits set: NaN, or -1.
template <typename T>
inline T shuffle(WarpOperation operation, unsigned mask, T value, unsigned lane, int width) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "shuffles move 32 or 64 bits");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = exchange(operation, mask, bits, lane, width);
  memcpy(&value, &bits, sizeof value);
  return value;
}

inline uint64_t vote(WarpOperation operation, unsigned mask, int predicate) {
  return exchange(operation, mask, predicate != 0, 0, 32);
}

}  // namespace emulator

inline void __syncthreads() { emulator::block_barrier(); }

inline void __syncwarp(unsigned mask = 0xffffffffu) {
  emulator::exchange(emulator::WarpOperation::barrier, mask, 0, 0, 32);
}

template <typename T>
inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32) {
  return emulator::shuffle(emulator::WarpOperation::shuffle, mask, value, static_cast<unsigned>(lane), width);
}

template <typename T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = 32) {
  return emulator::shuffle(emulator::WarpOperation::shuffle_up, mask, value, distance, width);
}

template <typename T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = 32) {
  return emulator::shuffle(emulator::WarpOperation::shuffle_down, mask, value, distance, width);
}

template <typename T>
inline T __shfl_xor_sync(unsigned mask, T value, int laneMask, int width = 32) {
  return emulator::shuffle(emulator::WarpOperation::shuffle_xor, mask, value, static_cast<unsigned>(laneMask), width);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return static_cast<unsigned>(emulator::vote(emulator::WarpOperation::ballot, mask, predicate));
}

inline int __any_sync(unsigned mask, int predicate) {
  return emulator::vote(emulator::WarpOperation::any, mask, predicate) != 0;
}

inline int __all_sync(unsigned mask, int predicate) {
  return emulator::vote(emulator::WarpOperation::all, mask, predicate) != 0;
}

inline void __trap() { emulator::trap(); }
