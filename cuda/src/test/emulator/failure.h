// How a call of the driver ends early: thrown where the fault is found, returned as a CUresult by call() in calls.h.
#pragma once

#include "cuda_types.h"

namespace emulator {

struct Failure {
  CUresult result;
};

[[noreturn]] inline void fail(CUresult result) { throw Failure{result}; }

inline void require(bool condition, CUresult otherwise) {
  if (!condition) {
    fail(otherwise);
  }
}

}  // namespace emulator
