#include "block_scheduler.h"

#include <stdarg.h>
#include <stdio.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include "emulated_warp.h"
#include "fiber.h"
#include "guarded_memory.h"
#include "random.h"

uint3 threadIdx;
uint3 blockIdx;
dim3 blockDim;
dim3 gridDim;

namespace emulator {
namespace {

constexpr unsigned kLanes = 32;

const char* name_of(WarpOperation operation) {
  switch (operation) {
    case WarpOperation::barrier: return "__syncwarp";
    case WarpOperation::shuffle: return "__shfl_sync";
    case WarpOperation::shuffle_up: return "__shfl_up_sync";
    case WarpOperation::shuffle_down: return "__shfl_down_sync";
    case WarpOperation::shuffle_xor: return "__shfl_xor_sync";
    case WarpOperation::ballot: return "__ballot_sync";
    case WarpOperation::any: return "__any_sync";
    case WarpOperation::all: return "__all_sync";
  }
  return "?";
}

enum class State { unstarted, runnable, at_barrier, in_warp, exited };

// The warp operation that a thread is at.
struct Exchange {
  WarpOperation operation;
  uint32_t mask;
  uint64_t value;
  unsigned lane;
  int width;
  uint64_t result;
};

struct Thread {
  Fiber fiber;
  Stack stack;
  uint3 index;
  State state;
  Exchange exchange;
};

// The lane whose value a shuffle gives to the lane `self`.
unsigned source_lane(const Exchange& at, unsigned self) {
  unsigned width = static_cast<unsigned>(at.width);
  unsigned first = self & ~(width - 1);
  unsigned end = first + width;
  switch (at.operation) {
    case WarpOperation::shuffle: return first | (at.lane & (width - 1));
    case WarpOperation::shuffle_up: return self - first >= at.lane ? self - at.lane : self;
    case WarpOperation::shuffle_down: return at.lane < end - self ? self + at.lane : self;
    case WarpOperation::shuffle_xor: return (self ^ at.lane) < end ? self ^ at.lane : self;
    default: return self;
  }
}

class BlockScheduler {
 public:
  std::string run(const Launch& launch);

  uint64_t exchange(const Exchange& at);
  void wait_at_barrier();
  void* shared() { return shared_->data(); }
  [[noreturn]] void trap() { fail("thread %u: __trap", number_of(*current_)); }

 private:
  static void thread_main();

  void begin(const Launch& launch);
  void run_block(uint32_t number);
  void run_threads();
  // Ends the launch; called by a thread of the block.
  [[noreturn]] __attribute__((format(printf, 2, 3))) void fail(const char* format, ...);
  [[noreturn]] void fail_stuck();
  __attribute__((format(printf, 2, 0))) void describe(const char* format, va_list arguments);
  __attribute__((format(printf, 2, 3))) void describe(const char* format, ...);

  unsigned number_of(const Thread& thread) const { return static_cast<unsigned>(&thread - threads_.get()); }
  void make_runnable(Thread& thread) {
    thread.state = State::runnable;
    runnable_[runnable_count_++] = &thread;
  }
  Thread* pick();
  void start(Thread& thread, Stack stack);
  void suspend();
  void complete(unsigned warp, uint32_t mask);
  uint64_t result_of(const Thread* lanes, const Exchange& at, unsigned self) const;

  const Launch* launch_ = nullptr;
  unsigned size_ = 0;
  std::unique_ptr<Thread[]> threads_ = std::make_unique<Thread[]>(kMaximumBlockThreads);
  Thread* runnable_[kMaximumBlockThreads];
  unsigned runnable_count_ = 0;
  unsigned at_barrier_ = 0;
  unsigned exited_ = 0;
  // By warp: the lanes that wait at a warp operation.
  uint32_t waiting_[kMaximumBlockThreads / kLanes];
  Thread* current_ = nullptr;
  Fiber host_;
  StackPool stacks_;
  std::unique_ptr<GuardedMemory> shared_;
  Random random_{0};
  // A buffer, because a fiber that fails is abandoned with what it owns.
  char failure_[512];
};

BlockScheduler& scheduler() {
  static BlockScheduler instance;
  return instance;
}

std::string BlockScheduler::run(const Launch& launch) {
  begin(launch);
  std::vector<uint32_t> order(static_cast<size_t>(launch.grid.x) * launch.grid.y * launch.grid.z);
  std::iota(order.begin(), order.end(), 0);
  for (size_t left = order.size(); left > 0 && failure_[0] == 0; left--) {
    std::swap(order[left - 1], order[random_.below(static_cast<uint32_t>(left))]);
    run_block(order[left - 1]);
  }
  return failure_;
}

void BlockScheduler::begin(const Launch& launch) {
  launch_ = &launch;
  random_ = Random(launch.seed);
  failure_[0] = 0;
  gridDim = launch.grid;
  blockDim = launch.block;
  size_ = launch.block.x * launch.block.y * launch.block.z;
  for (unsigned i = 0; i < size_; i++) {
    threads_[i].index = {i % blockDim.x, i / blockDim.x % blockDim.y, i / blockDim.x / blockDim.y};
  }
  if (shared_ == nullptr || shared_->bytes() != launch.shared_bytes) {
    shared_ = std::make_unique<GuardedMemory>(launch.shared_bytes);
  }
}

void BlockScheduler::run_block(uint32_t number) {
  blockIdx = {number % gridDim.x, number / gridDim.x % gridDim.y, number / gridDim.x / gridDim.y};
  shared_->poison();
  run_threads();
  if (failure_[0] == 0 && !shared_->intact()) {
    describe("written outside of its %zu bytes of shared memory", launch_->shared_bytes);
    shared_.reset();
  }
}

void BlockScheduler::run_threads() {
  runnable_count_ = at_barrier_ = exited_ = 0;
  std::fill(std::begin(waiting_), std::end(waiting_), 0);
  for (unsigned i = 0; i < size_; i++) {
    threads_[i].state = State::unstarted;
    runnable_[runnable_count_++] = &threads_[i];
  }
  Stack stack = stacks_.take();
  if (stack.bottom == nullptr) {
    describe("no memory for a thread's stack");
    return;
  }
  Thread& first = *pick();
  start(first, stack);
  first.fiber.prepare(stack, thread_main);
  host_.switch_to(first.fiber);
  for (unsigned i = 0; i < size_; i++) {
    if (threads_[i].stack.bottom != nullptr) {
      stacks_.give_back(threads_[i].stack);
      threads_[i].stack = {};
    }
  }
}

// Makes the thread the running one.
void BlockScheduler::start(Thread& thread, Stack stack) {
  thread.state = State::runnable;
  thread.stack = stack;
  current_ = &thread;
  threadIdx = thread.index;
}

// A stack runs one thread after the other for as long as they end without waiting.
void BlockScheduler::thread_main() {
  BlockScheduler& my = scheduler();
  for (;;) {
    my.launch_->kernel->run(my.launch_->parameters);
    Thread& ended = *my.current_;
    ended.state = State::exited;
    my.exited_++;
    Thread* next = my.pick();
    Stack stack = ended.stack;
    ended.stack = {};
    if (next != nullptr && next->state == State::unstarted) {
      my.start(*next, stack);
      continue;
    }
    my.stacks_.give_back(stack);
    if (next == nullptr) {
      ended.fiber.end_by_switch_to(my.host_);
    }
    my.start(*next, next->stack);
    ended.fiber.end_by_switch_to(next->fiber);
  }
}

// The next thread to run, null where all have exited.
Thread* BlockScheduler::pick() {
  if (runnable_count_ == 0) {
    if (exited_ == size_) {
      return nullptr;
    }
    if (at_barrier_ != size_) {
      fail_stuck();
    }
    at_barrier_ = 0;
    for (unsigned i = 0; i < size_; i++) {
      make_runnable(threads_[i]);
    }
  }
  unsigned chosen = random_.below(runnable_count_);
  std::swap(runnable_[chosen], runnable_[--runnable_count_]);
  return runnable_[runnable_count_];
}

void BlockScheduler::suspend() {
  Thread& self = *current_;
  Thread& next = *pick();
  if (next.state != State::unstarted) {
    start(next, next.stack);
  } else {
    Stack stack = stacks_.take();
    if (stack.bottom == nullptr) {
      fail("no memory for a thread's stack");
    }
    start(next, stack);
    next.fiber.prepare(stack, thread_main);
  }
  if (&next != &self) {
    self.fiber.switch_to(next.fiber);
  }
}

void BlockScheduler::wait_at_barrier() {
  current_->state = State::at_barrier;
  at_barrier_++;
  suspend();
}

uint64_t BlockScheduler::exchange(const Exchange& at) {
  Thread& self = *current_;
  unsigned warp = number_of(self) / kLanes;
  uint32_t bit = 1u << number_of(self) % kLanes;
  if ((at.mask & bit) == 0) {
    fail("thread %u: %s with mask %08x, which does not name its lane", number_of(self), name_of(at.operation),
         at.mask);
  }
  if (at.width < 1 || at.width > 32 || (at.width & (at.width - 1)) != 0) {
    fail("thread %u: %s with width %d (expected: 1, 2, 4, 8, 16 or 32)", number_of(self), name_of(at.operation),
         at.width);
  }
  self.exchange = at;
  self.state = State::in_warp;
  waiting_[warp] |= bit;
  if ((waiting_[warp] & at.mask) == at.mask) {
    complete(warp, at.mask);
  }
  suspend();
  return self.exchange.result;
}

// All lanes of the mask wait: gives each its result, and lets it go on.
void BlockScheduler::complete(unsigned warp, uint32_t mask) {
  Thread* lanes = &threads_[warp * kLanes];
  const Exchange& mine = current_->exchange;
  waiting_[warp] &= ~mask;
  for (unsigned lane = 0; lane < kLanes; lane++) {
    if ((mask >> lane & 1) == 0) {
      continue;
    }
    Exchange& at = lanes[lane].exchange;
    if (at.operation != mine.operation || at.mask != mine.mask || at.width != mine.width) {
      fail("thread %u at %s with mask %08x, width %d meets thread %u at %s with mask %08x, width %d",
           number_of(*current_), name_of(mine.operation), mine.mask, mine.width, number_of(lanes[lane]),
           name_of(at.operation), at.mask, at.width);
    }
    at.result = result_of(lanes, at, lane);
    make_runnable(lanes[lane]);
  }
}

uint64_t BlockScheduler::result_of(const Thread* lanes, const Exchange& at, unsigned self) const {
  if (at.operation <= WarpOperation::shuffle_xor) {
    unsigned source = source_lane(at, self);
    return at.mask >> source & 1 ? lanes[source].exchange.value : ~uint64_t{0};
  }
  uint32_t votes = 0;
  for (unsigned lane = 0; lane < kLanes; lane++) {
    if (at.mask >> lane & 1 && lanes[lane].exchange.value != 0) {
      votes |= 1u << lane;
    }
  }
  switch (at.operation) {
    case WarpOperation::any: return votes != 0;
    case WarpOperation::all: return votes == at.mask;
    default: return votes;
  }
}

void BlockScheduler::fail_stuck() {
  unsigned in_warp = 0;
  const Thread* lane = nullptr;
  for (unsigned i = 0; i < size_; i++) {
    if (threads_[i].state == State::in_warp) {
      in_warp++;
      lane = &threads_[i];
    }
  }
  if (lane == nullptr) {
    fail("%u wait at __syncthreads, and %u have exited", at_barrier_, exited_);
  }
  const Exchange& at = lane->exchange;
  fail("%u wait at a warp operation (thread %u at %s with mask %08x), %u at __syncthreads, and %u have exited",
       in_warp, number_of(*lane), name_of(at.operation), at.mask, at_barrier_, exited_);
}

void BlockScheduler::fail(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  describe(format, arguments);
  va_end(arguments);
  current_->fiber.end_by_switch_to(host_);
  __builtin_unreachable();
}

void BlockScheduler::describe(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  describe(format, arguments);
  va_end(arguments);
}

void BlockScheduler::describe(const char* format, va_list arguments) {
  int used = snprintf(failure_, sizeof failure_, "kernel %s, block (%u, %u, %u): ", launch_->kernel->name, blockIdx.x,
                      blockIdx.y, blockIdx.z);
  size_t prefix = std::min<size_t>(static_cast<size_t>(used), sizeof failure_ - 1);
  vsnprintf(failure_ + prefix, sizeof failure_ - prefix, format, arguments);
}

}  // namespace

std::string run_launch(const Launch& launch) { return scheduler().run(launch); }

uint64_t exchange(WarpOperation operation, uint32_t mask, uint64_t value, unsigned lane, int width) {
  return scheduler().exchange({operation, mask, value, lane, width, 0});
}

void block_barrier() { scheduler().wait_at_barrier(); }

void* dynamic_shared() { return scheduler().shared(); }

void trap() { scheduler().trap(); }

}  // namespace emulator
