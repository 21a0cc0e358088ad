// Fixed-point gradients as floats, for the host. Oracle: none, a conversion.
// fixed, floats [count]. One thread an entry.
#include "fixed_point.cuh"

KERNEL settle_gradient(const unsigned long long* fixed, int count, float* floats) {
  int i = roomfield::thread_index();
  if (i < count) {
    floats[i] = roomfield::from_fixed(fixed[i]);
  }
}
EXPORT_KERNEL(settle_gradient)
