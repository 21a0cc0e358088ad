// Stacks, and switching between them: a thread of the emulated device is a fiber.
#pragma once

#include <stddef.h>

#include <vector>

#if !defined(__x86_64__)
#define EMULATOR_UCONTEXT
#endif
#ifdef EMULATOR_UCONTEXT
#include <ucontext.h>
#endif

namespace emulator {

struct Stack {
  char* bottom = nullptr;
  size_t bytes = 0;
};

// Stacks are mapped once, each above a page that stops an overflow, and used again.
class StackPool {
 public:
  // One without a bottom where the host has no memory left.
  Stack take();
  void give_back(Stack stack) { free_.push_back(stack); }

 private:
  std::vector<Stack> free_;
};

// A suspended flow of control.
class Fiber {
 public:
  // Makes a switch to this fiber call entry, which never returns, on the stack.
  void prepare(Stack stack, void (*entry)());

  // Suspends the running fiber here, and goes on where to was suspended.
  void switch_to(Fiber& to) { leave(to, &fake_stack_); }

  // The same for the last time: nothing goes on here again.
  void end_by_switch_to(Fiber& to) { leave(to, nullptr); }

 private:
  void leave(Fiber& to, void** fake_stack);
  static void begin();

#ifdef EMULATOR_UCONTEXT
  ucontext_t context_;
#else
  void* stack_pointer_ = nullptr;
#endif
  void (*entry_)() = nullptr;
  // The sanitizer's view of the stack; of the host's thread it is known once that was left.
  const void* bottom_ = nullptr;
  size_t bytes_ = 0;
  void* fake_stack_ = nullptr;
};

}  // namespace emulator
