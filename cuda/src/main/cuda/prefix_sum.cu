// Exclusive prefix sums of counts, in place: values[i] <- values[0] + ... + values[i - 1]. Oracle: none, exact.
//
// prefix_sum_tiles: the same within tiles of 1024, and each tile's sum; values [count] -> sums [tiles]. One block of 256
// threads a tile. Shared: an int a warp.
// prefix_sum_add: adds the sums of the tiles before, which were summed likewise. One thread a value.
#include "device.cuh"

namespace roomfield {

constexpr int kTileValues = 1024;
constexpr int kThreadValues = 4;

}  // namespace roomfield

KERNEL __launch_bounds__(256, 4) prefix_sum_tiles(int* values, int count, int* sums) {
  using namespace roomfield;
  DYNAMIC_SHARED(int, shared);
  int lane = threadIdx.x % kWarp;
  int warp = threadIdx.x / kWarp;
  int first = kThreadValues * thread_index();
  int mine[kThreadValues];
  int sum = 0;
#pragma unroll
  for (int k = 0; k < kThreadValues; k++) {
    mine[k] = first + k < count ? values[first + k] : 0;
    sum += mine[k];
  }
  int upTo = sum;
  for (int offset = 1; offset < kWarp; offset *= 2) {
    int other = __shfl_up_sync(kAllLanes, upTo, offset);
    upTo += lane >= offset ? other : 0;
  }
  if (lane == kWarp - 1) {
    shared[warp] = upTo;
  }
  __syncthreads();
  int before = upTo - sum;
  for (int other = 0; other < warp; other++) {
    before += shared[other];
  }
#pragma unroll
  for (int k = 0; k < kThreadValues; k++) {
    if (first + k < count) {
      values[first + k] = before;
    }
    before += mine[k];
  }
  if (threadIdx.x == blockDim.x - 1) {
    sums[blockIdx.x] = before;
  }
}
EXPORT_KERNEL(prefix_sum_tiles)

KERNEL prefix_sum_add(int* values, int count, const int* sums) {
  using namespace roomfield;
  int i = thread_index();
  if (i < count) {
    values[i] += sums[i / kTileValues];
  }
}
EXPORT_KERNEL(prefix_sum_add)
