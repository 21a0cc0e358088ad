// Objects that a context owns and hands out as pointers.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "failure.h"

namespace emulator {

template <typename T>
class Handles {
 public:
  template <typename... Arguments>
  T* add(Arguments&&... arguments) {
    return owned_.emplace_back(std::make_unique<T>(std::forward<Arguments>(arguments)...)).get();
  }

  T& at(T* handle) { return **find(handle); }

  void remove(T* handle) { owned_.erase(find(handle)); }

  size_t size() const { return owned_.size(); }

  // In the order of their making.
  auto begin() const { return owned_.begin(); }
  auto end() const { return owned_.end(); }

 private:
  auto find(T* handle) {
    auto found = std::find_if(owned_.begin(), owned_.end(), [&](const auto& each) { return each.get() == handle; });
    if (found == owned_.end()) {
      fail(CUDA_ERROR_INVALID_HANDLE);
    }
    return found;
  }

  std::vector<std::unique_ptr<T>> owned_;
};

}  // namespace emulator
