#include "guarded_memory.h"

#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <new>

#include "sanitizer.h"

namespace emulator {
namespace {

constexpr char kGuardByte = static_cast<char>(0xDB);

char* allocate(size_t bytes) {
  void* block = aligned_alloc(GuardedMemory::kAlignment, bytes);
  if (block == nullptr) {
    throw std::bad_alloc();
  }
  return static_cast<char*>(block);
}

bool untouched(const char* from, size_t bytes) {
  return std::all_of(from, from + bytes, [](char byte) { return byte == kGuardByte; });
}

}  // namespace

void GuardedMemory::Release::operator()(char* block) const {
  allow(block, bytes);
  free(block);
}

GuardedMemory::GuardedMemory(size_t bytes) : bytes_(bytes) {
  size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  size_t whole = kGuard + rounded + kGuard;
  block_ = {allocate(whole), Release{whole}};
  mend();
  poison();
  forbid(block_.get(), kGuard);
  forbid(data() + bytes, rounded - bytes + kGuard);
}

void GuardedMemory::poison() { memset(data(), kPoison, bytes_); }

bool GuardedMemory::intact() const {
  return kSanitized || (untouched(block_.get(), kGuard) && untouched(data() + bytes_, kGuard));
}

void GuardedMemory::mend() {
  memset(block_.get(), kGuardByte, kGuard);
  memset(data() + bytes_, kGuardByte, kGuard);
}

}  // namespace emulator
