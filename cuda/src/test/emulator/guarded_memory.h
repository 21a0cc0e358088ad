// Memory of exactly the size asked for, between zones that nobody may write: the sanitizer watches them, and the plain
// build looks at them after each kernel.
#pragma once

#include <stddef.h>

#include <memory>

namespace emulator {

class GuardedMemory {
 public:
  static constexpr size_t kAlignment = 256;
  // What unwritten memory holds: NaN as a float, -1 as an integer.
  static constexpr int kPoison = 0xFF;

  // Throws std::bad_alloc.
  explicit GuardedMemory(size_t bytes);

  char* data() const { return block_.get() + kGuard; }
  size_t bytes() const { return bytes_; }

  void poison();

  // Whether both zones are as they were made.
  bool intact() const;

  // Makes them so again, lest one fault be reported twice.
  void mend();

 private:
  static constexpr size_t kGuard = kAlignment;

  struct Release {
    size_t bytes;
    void operator()(char* block) const;
  };

  size_t bytes_;
  std::unique_ptr<char[], Release> block_;
};

}  // namespace emulator
