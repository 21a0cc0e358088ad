// decode_backward with the products of half precision on tensor cores. Gradients of a point may be tiny, so they are in
// units of a power of two near the largest of its outputs' gradients; what exceeds half precision is cut to its largest.
// For points alone. Oracle: decode_backward's.
//
// In and out as decode_backward's. Launch: as decode's. Shared: `activations` floats a warp, backwardHalfFloats() of
// DecodeLaunches.java: sums [32][kTileStride] and the own features' gradients [channels padded to 4][kTileStride] in
// float32, then rows [outputs + hidden (twice beyond 32) + hidden, each padded to 16][kHalfStride] in half precision.
#include "decoder.cuh"
#include "grid.cuh"

namespace roomfield {

// Weights as decode_half reads them, [inputs][outputs], with outputs as the inner dimension of the product.
using TransposedMatrix = wmma::fragment<wmma::matrix_b, kMatrix, kMatrix, kMatrix, half, wmma::col_major>;

struct BackwardHalfTile {
  float* sums;
  float* feature;
  HalfRows output, after, before;
  // dL/d(W h + b) of the block that reads the input again.
  HalfRows again;
};

__device__ __forceinline__ BackwardHalfTile backward_half_tile(const DecodeBackwardTask& t, float* shared) {
  const DecoderView& d = t.decoder;
  BackwardHalfTile tile;
  tile.sums = shared;
  tile.feature = tile.sums + kChunk * kTileStride;
  tile.output.at = reinterpret_cast<half*>(tile.feature + round_up(t.own.channels, 4) * kTileStride);
  tile.after = tile.output.from(round_up(d.outputs, kMatrix));
  tile.before = d.hidden <= kChunk ? tile.after : tile.after.from(round_up(d.hidden, kMatrix));
  tile.again = tile.before.from(round_up(d.hidden, kMatrix));
  return tile;
}

// sums += rows^T weights^T: weights [.., stride] from the chunk's first input on.
__device__ __forceinline__ void multiply_transposed(
    MatrixSums& sums, int matrices, const half* weights, int stride, HalfRows rows, int count) {
#pragma unroll 1
  for (int k = 0; k < count; k += kMatrix) {
    PointMatrix x[2];
#pragma unroll
    for (int p = 0; p < 2; p++) {
      wmma::load_matrix_sync(x[p], rows.at + k * kHalfStride + p * kMatrix, kHalfStride);
    }
#pragma unroll
    for (int o = 0; o < 2; o++) {
      if (o < matrices) {
        TransposedMatrix w;
        wmma::load_matrix_sync(w, weights + o * kMatrix * stride + k, stride);
#pragma unroll
        for (int p = 0; p < 2; p++) {
          wmma::mma_sync(sums.at[o][p], x[p], w, sums.at[o][p]);
        }
      }
    }
  }
}

// Nothing becomes infinite; NaN stays.
__device__ __forceinline__ void put_cut(HalfRows rows, int row, float value) {
  constexpr float kLargestHalf = 65504.f;
  rows.put(row, threadIdx.x % kWarp, value > kLargestHalf ? kLargestHalf : value < -kLargestHalf ? -kLargestHalf : value);
}

// Sums weights^T from [outputs], of a chunk of inputs, into the tile's sums; how many there are, padded to 16.
__device__ __forceinline__ int sum_transposed(
    const BackwardHalfTile& tile, const half* weights, int outputs, HalfRows from, int inputs, int chunk) {
  int stride = round_up(outputs, kMatrix);
  int matrices = min(kChunk, round_up(inputs, kMatrix) - chunk) / kMatrix;
  MatrixSums sums;
  clear(sums);
  multiply_transposed(sums, matrices, weights + chunk * stride, stride, from, outputs);
  store(sums, matrices, tile.sums);
  __syncwarp();
  return matrices * kMatrix;
}

// to [inputs] = weights^T from [outputs].
__device__ __forceinline__ void propagate_half(
    const BackwardHalfTile& tile, const half* weights, int outputs, HalfRows from, int inputs, HalfRows to) {
#pragma unroll 1
  for (int chunk = 0; chunk < inputs; chunk += kChunk) {
    int sums = sum_transposed(tile, weights, outputs, from, inputs, chunk);
#pragma unroll 4
    for (int i = 0; i < sums; i++) {
      put_cut(to, chunk + i, tile.sums[i * kTileStride + threadIdx.x % kWarp]);
    }
    __syncwarp();
  }
}

// feature [channels] += weights^T from [outputs].
__device__ __forceinline__ void add_feature_half(
    const BackwardHalfTile& tile, const half* weights, int outputs, HalfRows from, int channels) {
  int lane = threadIdx.x % kWarp;
#pragma unroll 1
  for (int chunk = 0; chunk < channels; chunk += kChunk) {
    sum_transposed(tile, weights, outputs, from, channels, chunk);
#pragma unroll 4
    for (int i = 0; i < min(kChunk, channels - chunk); i++) {
      tile.feature[(chunk + i) * kTileStride + lane] += tile.sums[i * kTileStride + lane];
    }
    __syncwarp();
  }
}

// Writes this lane's point's output gradients in its unit, which it returns.
__device__ __forceinline__ float load_output_gradient_half(const DecodeBackwardTask& t, int first, HalfRows rows) {
  int outputs = t.decoder.outputs;
  int point = first + threadIdx.x % kWarp;
  const float* gradient = t.outputGradient + static_cast<size_t>(min(point, t.count - 1)) * t.gradientStride;
  float largest = 0.f;
  for (int o = 0; o < outputs; o++) {
    largest = fmaxf(largest, fabsf(gradient[o]));
  }
  // The exponents of the unit and of its inverse, both of normal numbers.
  int exponent = min(max(__float_as_int(largest) >> 23, 1), 253);
  float inverse = __int_as_float((254 - exponent) << 23);
  for (int o = 0; o < outputs; o++) {
    put_cut(rows, o, point < t.count ? gradient[o] * inverse : 0.f);
  }
  pad_rows(rows, outputs);
  return __int_as_float(exponent << 23);
}

// Copies rows, in float32 and without their points' units, to rows of [.., stride] at column `first`.
__device__ __forceinline__ void record_gradient(
    HalfRows rows, int count, float unit, float* to, size_t stride, int first) {
  int lane = threadIdx.x % kWarp;
  for (int k = 0; k < count; k++) {
    to[k * stride + first + lane] = unit * rows.get(k, lane);
  }
}

// dL/dh to dL/d(W h + b), in place; a lane's own point.
__device__ __forceinline__ void rectify_backward_half(
    const DecoderView& d, const unsigned* signs, size_t padded, int first, HalfRows rows) {
  int lane = threadIdx.x % kWarp;
#pragma unroll 4
  for (int o = 0; o < d.hidden; o++) {
    if ((signs[o / kChunk * padded + first + lane] >> (o % kChunk) & 1u) == 0) {
      rows.put(o, lane, 0.f);
    }
  }
}

// dL/dp_a += sum_j dL/de_j cos((p B)_j) B_aj, with dL/de from the layers that read the encoding; a lane's own point.
__device__ __forceinline__ void encode_backward_half(
    const DecodeBackwardTask& t, int first, const BackwardHalfTile& tile, int againLayer, float unit) {
  const DecoderView& d = t.decoder;
  int lane = threadIdx.x % kWarp;
  int point = min(first + lane, t.count - 1);
  float x = t.points[3 * point], y = t.points[3 * point + 1], z = t.points[3 * point + 2];
  float gx = 0.f, gy = 0.f, gz = 0.f;
  int stride = round_up(d.hidden, kMatrix);
  bool output = againLayer == d.blocks;
  int againOutputs = output ? d.outputs : d.hidden;
#pragma unroll 1
  for (int chunk = 0; chunk < d.encodingSize; chunk += kChunk) {
    int matrices = min(kChunk, round_up(d.encodingSize, kMatrix) - chunk) / kMatrix;
    MatrixSums sums;
    clear(sums);
    multiply_transposed(
        sums, matrices, d.halves + d.layers[0].inputHalf + chunk * stride, stride, tile.after, d.hidden);
    if (againLayer >= 0) {
      int againStride = round_up(againOutputs, kMatrix);
      multiply_transposed(
          sums, matrices, d.halves + d.layers[againLayer].inputHalf + chunk * againStride, againStride,
          output ? tile.output : tile.again, againOutputs);
    }
    store(sums, matrices, tile.sums);
    __syncwarp();
#pragma unroll 2
    for (int o = 0; o < min(kChunk, d.encodingSize - chunk); o++) {
      const float* b = d.encoding + chunk + o;
      float bx = __ldg(b), by = __ldg(b + d.encodingSize), bz = __ldg(b + 2 * d.encodingSize);
      float g = tile.sums[o * kTileStride + lane] * cosine(x * bx + y * by + z * bz);
      gx += g * bx;
      gy += g * by;
      gz += g * bz;
    }
    __syncwarp();
  }
  if (first + lane < t.count) {
    t.pointGradient[3 * point] += unit * gx;
    t.pointGradient[3 * point + 1] += unit * gy;
    t.pointGradient[3 * point + 2] += unit * gz;
  }
}

// As layers_backward().
__device__ __forceinline__ int layers_backward_half(
    const DecodeBackwardTask& t, int first, BackwardHalfTile& tile, size_t padded, float unit) {
  const DecoderView& d = t.decoder;
  int again = d.layers[d.blocks].inputHalf >= 0 ? d.blocks : -1;
  propagate_half(tile, d.halves + d.layers[d.blocks].hiddenHalf, d.outputs, tile.output, d.hidden, tile.after);
  for (int block = d.blocks - 1;; block--) {
    const LayerOffsets at = d.layers[block];
    float* to = t.recorded == nullptr ? nullptr : t.recorded + 2 * block * d.hidden * padded;
    if (at.featureHalf >= 0) {
      add_feature_half(tile, d.halves + at.featureHalf, d.hidden, tile.after, t.own.channels);
      if (to != nullptr) {
        record_gradient(tile.after, d.hidden, unit, to + d.hidden * padded, padded, first);
      }
    }
    rectify_backward_half(d, t.signs + block * sign_words(d) * padded, padded, first, tile.after);
    if (to != nullptr) {
      record_gradient(tile.after, d.hidden, unit, to, padded, first);
    }
    if (block > 0 && at.inputHalf >= 0) {
      again = block;
      for (int k = 0; k < round_up(d.hidden, kMatrix); k++) {
        int i = k * kHalfStride + threadIdx.x % kWarp;
        tile.again.at[i] = tile.after.at[i];
      }
    }
    __syncwarp();
    if (block == 0) {
      return again;
    }
    propagate_half(tile, d.halves + at.hiddenHalf, d.hidden, tile.after, d.hidden, tile.before);
    HalfRows swap = tile.before;
    tile.before = tile.after;
    tile.after = swap;
  }
}

__device__ __forceinline__ void decode_backward_tile_half(const DecodeBackwardTask& t, int first, BackwardHalfTile tile) {
  const DecoderView& d = t.decoder;
  size_t padded = round_up(t.count, kTilePoints);
  int lane = threadIdx.x % kWarp;
  float unit = load_output_gradient_half(t, first, tile.output);
  for (int k = 0; k < t.own.channels; k++) {
    tile.feature[k * kTileStride + lane] = 0.f;
  }
  __syncwarp();
  if (t.recorded != nullptr) {
    record_gradient(
        tile.output, d.outputs, unit, t.recorded + 2 * d.blocks * d.hidden * padded, padded, first);
  }
  int again = layers_backward_half(t, first, tile, padded, unit);
  if (d.encodingSize > 0) {
    if (t.pointGradient != nullptr) {
      encode_backward_half(t, first, tile, again, unit);
    }
  } else {
    add_feature_half(tile, d.halves + d.layers[0].inputHalf, d.hidden, tile.after, t.own.channels);
    if (again >= 0) {
      bool output = again == d.blocks;
      add_feature_half(
          tile, d.halves + d.layers[again].inputHalf, output ? d.outputs : d.hidden,
          output ? tile.output : tile.again, t.own.channels);
    }
  }
  for (int k = 0; k < t.own.channels; k++) {
    tile.feature[k * kTileStride + lane] *= unit;
  }
  __syncwarp();
  interpolate_backward(t.own, t.points, first, t.count, tile.feature, t.pointGradient);
  __syncwarp();
}

}  // namespace roomfield

KERNEL __launch_bounds__(64, 4) decode_backward_half(const __grid_constant__ roomfield::DecodeBackwardTasks tasks) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  const DecodeBackwardTask& t = tasks.level[blockIdx.y];
  BackwardHalfTile tile = backward_half_tile(t, shared + threadIdx.x / kWarp * t.activations);
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_backward_tile_half(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode_backward_half)
