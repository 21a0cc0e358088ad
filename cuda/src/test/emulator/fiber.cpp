#include "fiber.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sanitizer.h"

#ifndef EMULATOR_UCONTEXT
// Pushes what a function must keep, stores the stack pointer in *from, and returns on the stack to.
extern "C" __attribute__((visibility("hidden"))) void emulator_switch_stack(void** from, void* to);
asm(R"(
  .text
  .globl emulator_switch_stack
  .hidden emulator_switch_stack
  .type emulator_switch_stack, @function
emulator_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size emulator_switch_stack, . - emulator_switch_stack
)");
#endif

namespace emulator {
namespace {

constexpr size_t kStackBytes = kSanitized ? 256 << 10 : 64 << 10;

// Who left and who goes on, for the first steps of a fiber. One thread of the host at a time runs fibers.
Fiber* leaving;
Fiber* entering;

}  // namespace

Stack StackPool::take() {
  if (!free_.empty()) {
    Stack stack = free_.back();
    free_.pop_back();
    // A failed launch abandons its fibers' frames.
    allow(stack.bottom, stack.bytes);
    return stack;
  }
  size_t guard = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* mapped =
      mmap(nullptr, guard + kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED || mprotect(mapped, guard, PROT_NONE) != 0) {
    return {};
  }
  return {static_cast<char*>(mapped) + guard, kStackBytes};
}

void Fiber::prepare(Stack stack, void (*entry)()) {
  entry_ = entry;
  bottom_ = stack.bottom;
  bytes_ = stack.bytes;
  fake_stack_ = nullptr;
#ifdef EMULATOR_UCONTEXT
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack.bottom;
  context_.uc_stack.ss_size = stack.bytes;
  context_.uc_link = nullptr;
  makecontext(&context_, begin, 0);
#else
  // Six registers, then where to return to, then a return address of 0 where a caller would have left its own.
  constexpr int kRegisters = 6;
  void** frame = reinterpret_cast<void**>(stack.bottom + stack.bytes) - (kRegisters + 2);
  for (int i = 0; i < kRegisters + 2; i++) {
    frame[i] = nullptr;
  }
  frame[kRegisters] = reinterpret_cast<void*>(begin);
  stack_pointer_ = frame;
#endif
}

void Fiber::leave(Fiber& to, void** fake_stack) {
  leaving = this;
  entering = &to;
  before_switch(fake_stack, to.bottom_, to.bytes_);
#ifdef EMULATOR_UCONTEXT
  swapcontext(&context_, &to.context_);
#else
  emulator_switch_stack(&stack_pointer_, to.stack_pointer_);
#endif
  after_switch(fake_stack_, &leaving->bottom_, &leaving->bytes_);
}

void Fiber::begin() {
  after_switch(nullptr, &leaving->bottom_, &leaving->bytes_);
  entering->entry_();
}

}  // namespace emulator
