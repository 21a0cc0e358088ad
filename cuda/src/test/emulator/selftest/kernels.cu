// Kernels that try the emulated device out: some do as they should, some do not.
#include "emulated_device.h"

#define KERNEL extern "C" __global__ void

struct Triple {
  float* at;
  int count;
  double value;
};

KERNEL fill(Triple to, float factor, char add) {
  int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < to.count) {
    to.at[i] = static_cast<float>(to.value) * factor + static_cast<float>(add) + static_cast<float>(i);
  }
}
EXPORT_KERNEL(fill)

KERNEL add_one(int* at) { atomicAdd(at, 1); }
EXPORT_KERNEL(add_one)

KERNEL write_at(float* at, long long index) { at[index] = 1.f; }
EXPORT_KERNEL(write_at)

KERNEL read_vector(float* at, int offset) { at[0] = reinterpret_cast<float4*>(at + offset)->x; }
EXPORT_KERNEL(read_vector)

KERNEL write_shared(int index) {
  DYNAMIC_SHARED(int, words);
  words[index] = 1;
}
EXPORT_KERNEL(write_shared)

KERNEL read_shared(int* to) {
  DYNAMIC_SHARED(int, words);
  to[threadIdx.x] = words[threadIdx.x];
}
EXPORT_KERNEL(read_shared)

// Rotates a block's numbers `rounds` times; right only with every barrier.
template <bool second_barrier>
__device__ void rotate_numbers(int* numbers, int rounds) {
  DYNAMIC_SHARED(int, words);
  unsigned self = threadIdx.x;
  int mine = numbers[blockIdx.x * blockDim.x + self];
  for (int round = 0; round < rounds; round++) {
    words[self] = mine;
    __syncthreads();
    mine = words[(self + 1) % blockDim.x];
    if (second_barrier) {
      __syncthreads();
    }
  }
  numbers[blockIdx.x * blockDim.x + self] = mine;
}

KERNEL rotate(int* numbers, int rounds) { rotate_numbers<true>(numbers, rounds); }
EXPORT_KERNEL(rotate)

KERNEL rotate_racing(int* numbers, int rounds) { rotate_numbers<false>(numbers, rounds); }
EXPORT_KERNEL(rotate_racing)

// What every warp function gives each lane.
KERNEL warp_functions(int* to) {
  constexpr unsigned all = 0xffffffffu;
  int lane = static_cast<int>(threadIdx.x) % warpSize;
  int* mine = to + threadIdx.x * 10;
  mine[0] = __shfl_sync(all, lane, 5);
  mine[1] = __shfl_up_sync(all, lane, 3u);
  mine[2] = __shfl_down_sync(all, lane, 3u, 8);
  mine[3] = __shfl_xor_sync(all, lane, 16);
  mine[4] = static_cast<int>(__ballot_sync(all, lane % 2));
  mine[5] = __any_sync(all, lane == 7);
  mine[6] = __all_sync(all, lane < 31);
  mine[7] = static_cast<int>(__shfl_xor_sync(all, 0.5 * lane, 1) * 2);
  mine[8] = static_cast<int>(__shfl_sync(all, static_cast<long long>(lane) << 40, 9, 16) >> 40);
  // The upper half asks for a lane outside of its mask.
  unsigned half = lane < 16 ? 0xffffu : 0xffff0000u;
  mine[9] = __shfl_sync(half, lane, 0);
  __syncwarp();
}
EXPORT_KERNEL(warp_functions)

// Threads below `some` stay away from a barrier that the others wait at.
KERNEL uneven_barrier(int some, int elsewhere) {
  if (static_cast<int>(threadIdx.x) >= some) {
    __syncthreads();
  } else if (elsewhere) {
    __syncwarp(1u << threadIdx.x % 32);
    __any_sync(0xffffffffu, 1);
  }
}
EXPORT_KERNEL(uneven_barrier)

KERNEL uneven_shuffle(int* to) {
  unsigned all = 0xffffffffu;
  int got = threadIdx.x == 3 ? __shfl_xor_sync(all, 1, 1) : __shfl_sync(all, 1, 1);
  to[threadIdx.x] = got;
}
EXPORT_KERNEL(uneven_shuffle)

// to [16, 16] = a [16, 16] b [16, 16] + 1, of halves that lie `shift` bytes further on.
KERNEL multiply_matrices(const char* a, const char* b, float* to, int shift) {
  namespace wmma = nvcuda::wmma;
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> left;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> right;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> sums;
  wmma::fill_fragment(sums, 1.f);
  wmma::load_matrix_sync(left, reinterpret_cast<const half*>(a + shift), 16);
  wmma::load_matrix_sync(right, reinterpret_cast<const half*>(b), 16);
  wmma::mma_sync(sums, left, right, sums);
  wmma::store_matrix_sync(to, sums, 16, wmma::mem_row_major);
}
EXPORT_KERNEL(multiply_matrices)

KERNEL round_to_half(const float* from, half* to) { to[threadIdx.x] = __float2half_rn(from[threadIdx.x]); }
EXPORT_KERNEL(round_to_half)
