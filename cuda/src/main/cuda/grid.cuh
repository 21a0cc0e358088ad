// A block-sparse feature grid (FeatureGrid) and trilinear interpolation in it (NICE-SLAM, section 3.1), by a warp for
// a tile of 32 points. Oracle: TrilinearInterpolation.
#pragma once

#include "device.cuh"
#include "fixed_point.cuh"
#include "tile.cuh"

namespace roomfield {

// As DeviceGrid.java writes it.
struct Grid {
  // By block number: features [512, channels].
  const float* const* blocks;
  // By block number: fixed-point gradients [512, channels], null where not kept; null where none is wanted.
  unsigned long long* const* gradients;
  // Block numbers over the blocks' bounding box, -1 where there is none.
  const int* page;
  int minX, minY, minZ;
  int sizeX, sizeY, sizeZ;
  int channels;
  // Vertices per metre.
  float scale;
};

constexpr int kBlockEdge = 8;
constexpr int kBlockShift = 3;

__device__ __forceinline__ int block_at(const Grid& grid, int x, int y, int z) {
  int bx = (x >> kBlockShift) - grid.minX;
  int by = (y >> kBlockShift) - grid.minY;
  int bz = (z >> kBlockShift) - grid.minZ;
  bool inside = bx >= 0 && by >= 0 && bz >= 0 && bx < grid.sizeX && by < grid.sizeY && bz < grid.sizeZ;
  return inside ? grid.page[(bz * grid.sizeY + by) * grid.sizeX + bx] : -1;
}

__device__ __forceinline__ int vertex_in_block(int x, int y, int z) {
  constexpr int last = kBlockEdge - 1;
  return ((z & last) * kBlockEdge + (y & last)) * kBlockEdge + (x & last);
}

// One corner of the cell around a point. Eight lanes share a point: lane l looks corner l mod 8 up for all of them.
struct Corner {
  const float* features;
  unsigned long long* gradient;
  float weight;
  // d weight / d point, per metre.
  float slopeX, slopeY, slopeZ;
};

__device__ __forceinline__ float lattice(float metres, float scale) {
  // Far beyond any map; keeps the conversion to int defined. NaN stays.
  constexpr float kFarthest = 1e8f;
  float at = metres * scale;
  return at > kFarthest ? kFarthest : at < -kFarthest ? -kFarthest : at;
}

__device__ __forceinline__ Corner corner_of(const Grid& grid, const float* point, int corner) {
  float at[3], factor[3], sign[3];
  int index[3];
  for (int axis = 0; axis < 3; axis++) {
    at[axis] = lattice(point[axis], grid.scale);
    float low = floorf(at[axis]);
    float fraction = at[axis] - low;
    int upper = corner >> axis & 1;
    index[axis] = (low == low ? static_cast<int>(low) : 0) + upper;
    factor[axis] = upper ? fraction : 1.f - fraction;
    sign[axis] = upper ? grid.scale : -grid.scale;
  }
  int block = block_at(grid, index[0], index[1], index[2]);
  int offset = vertex_in_block(index[0], index[1], index[2]) * grid.channels;
  Corner found;
  found.features = block < 0 ? nullptr : grid.blocks[block] + offset;
  unsigned long long* gradient = block < 0 || grid.gradients == nullptr ? nullptr : grid.gradients[block];
  found.gradient = gradient == nullptr ? nullptr : gradient + offset;
  found.weight = factor[0] * factor[1] * factor[2];
  found.slopeX = sign[0] * factor[1] * factor[2];
  found.slopeY = sign[1] * factor[2] * factor[0];
  found.slopeZ = sign[2] * factor[0] * factor[1];
  return found;
}

template <typename T>
__device__ __forceinline__ T* shared_pointer(T* mine, int lane) {
  return reinterpret_cast<T*>(__shfl_sync(kAllLanes, reinterpret_cast<unsigned long long>(mine), lane));
}

constexpr int kCorners = 8;
constexpr int kPointsAtOnce = kWarp / kCorners;

// Features of points first .. first + 31 (the last one's again beyond count) into the tile's rows 0 .. channels - 1.
template <typename Rows>
__device__ __forceinline__ void interpolate(
    const Grid& grid, const float* points, int first, int count, Rows rows) {
  int lane = threadIdx.x % kWarp;
  int sub = lane % kCorners;
  for (int step = 0; step < kTilePoints; step += kPointsAtOnce) {
    int p = step + lane / kCorners;
    Corner mine = corner_of(grid, points + 3 * min(first + p, count - 1), sub);
    for (int base = 0; base < grid.channels; base += 4 * kCorners) {
      float sum[4] = {0.f, 0.f, 0.f, 0.f};
      for (int corner = 0; corner < kCorners; corner++) {
        int from = lane - sub + corner;
        const float* features = shared_pointer(mine.features, from);
        float weight = __shfl_sync(kAllLanes, mine.weight, from);
#pragma unroll
        for (int r = 0; r < 4; r++) {
          int channel = base + r * kCorners + sub;
          bool there = features != nullptr && channel < grid.channels;
          sum[r] += weight * (there ? __ldg(features + channel) : 0.f);
        }
      }
#pragma unroll
      for (int r = 0; r < 4; r++) {
        int channel = base + r * kCorners + sub;
        if (channel < grid.channels) {
          rows.put(channel, p, sum[r]);
        }
      }
    }
  }
}

// Backward of interpolate(): adds the gradient in the tile's rows to the grid's, where it is kept, and to the points',
// unless null.
__device__ __forceinline__ void interpolate_backward(
    const Grid& grid, const float* points, int first, int count, const float* rows, float* pointGradient) {
  int lane = threadIdx.x % kWarp;
  int sub = lane % kCorners;
  for (int step = 0; step < kTilePoints; step += kPointsAtOnce) {
    int p = step + lane / kCorners;
    bool live = first + p < count;
    Corner mine = corner_of(grid, points + 3 * min(first + p, count - 1), sub);
    float gx = 0.f, gy = 0.f, gz = 0.f;
    for (int corner = 0; corner < kCorners; corner++) {
      int from = lane - sub + corner;
      const float* features = shared_pointer(mine.features, from);
      unsigned long long* gradient = shared_pointer(mine.gradient, from);
      float weight = __shfl_sync(kAllLanes, mine.weight, from);
      float product = 0.f;
      for (int channel = sub; channel < grid.channels; channel += kCorners) {
        float g = rows[channel * kTileStride + p];
        product += (features == nullptr || pointGradient == nullptr ? 0.f : __ldg(features + channel)) * g;
        if (live && gradient != nullptr) {
          add_fixed(gradient + channel, weight * g);
        }
      }
      gx += __shfl_sync(kAllLanes, mine.slopeX, from) * product;
      gy += __shfl_sync(kAllLanes, mine.slopeY, from) * product;
      gz += __shfl_sync(kAllLanes, mine.slopeZ, from) * product;
    }
    for (int offset = kCorners / 2; offset > 0; offset /= 2) {
      gx += __shfl_xor_sync(kAllLanes, gx, offset);
      gy += __shfl_xor_sync(kAllLanes, gy, offset);
      gz += __shfl_xor_sync(kAllLanes, gz, offset);
    }
    if (live && pointGradient != nullptr && sub < 3) {
      pointGradient[3 * (first + p) + sub] += sub == 0 ? gx : sub == 1 ? gy : gz;
    }
  }
}

}  // namespace roomfield
