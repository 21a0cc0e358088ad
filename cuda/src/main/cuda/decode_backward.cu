// Backward of decode: from the outputs' gradients to those of features, points and (recorded, for weight_gradient)
// layers. Oracle: scalar.DecoderPass.backward, scalar.TrilinearInterpolation.backward.
// Without points, only what is recorded.
//
// outputGradient [count, outputs] at stride `gradientStride`, signs as decode wrote them -> the own grid's gradients
// (fixed point, added), pointGradient [count, 3] (added; null for none wanted), recorded [2 * blocks * hidden +
// outputs, padded]: per block dL/d(W h + b), then dL/dh, and last dL/doutputs (or null).
// Launch and shared memory as decode's.
#include "decoder.cuh"
#include "grid.cuh"

namespace roomfield {

// As DecodeLaunches.java writes it.
struct DecodeBackwardTask {
  Grid own;
  DecoderView decoder;
  const float* points;
  const float* outputGradient;
  const unsigned* signs;
  float* pointGradient;
  float* recorded;
  float* scratch;
  int count;
  int gradientStride;
  int activations;
};

static_assert(sizeof(DecodeBackwardTask) == 192, "DecodeLaunches.java");

struct DecodeBackwardTasks {
  DecodeBackwardTask level[kLevels];
};

// Rows of the tile.
struct BackwardRows {
  float* output;
  float* after;
  float* before;
  // dL/d(W h + b) of the block that reads the input again.
  float* again;
  float* feature;
};

__device__ __forceinline__ BackwardRows backward_rows(const DecoderView& d, float* tile) {
  BackwardRows rows;
  rows.output = tile;
  rows.after = rows.output + round_up(d.outputs, 4) * kTileStride;
  rows.before = rows.after + d.hidden * kTileStride;
  rows.again = rows.before + d.hidden * kTileStride;
  rows.feature = rows.again + d.hidden * kTileStride;
  return rows;
}

// to [inputs] (= or +=) weights^T from [outputs].
__device__ __forceinline__ void propagate(
    const float* weights, int inputs, const float* from, int outputs, float* to, bool add) {
  for (int chunk = 0; chunk < inputs; chunk += kChunk) {
    int i = chunk + lane_outputs();
    if (i >= inputs) {
      continue;
    }
    Sums sums;
    clear(sums);
    if (add) {
#pragma unroll
      for (int o = 0; o < kLaneOutputs; o++) {
#pragma unroll
        for (int p = 0; p < kLanePoints; p++) {
          sums.at[o][p] = i + o < inputs ? to[(i + o) * kTileStride + lane_points() + p] : 0.f;
        }
      }
    }
    multiply(sums, weights + i, round_up(inputs, 4), from, outputs);
    store(sums, to, i, inputs);
  }
}

__device__ __forceinline__ void load_output_gradient(const DecodeBackwardTask& t, int first, float* rows) {
  int lane = threadIdx.x % kWarp;
  int point = first + lane;
  for (int o = 0; o < t.decoder.outputs; o++) {
    rows[o * kTileStride + lane] =
        point < t.count ? t.outputGradient[static_cast<size_t>(point) * t.gradientStride + o] : 0.f;
  }
}

// dL/dh to dL/d(W h + b), in place.
__device__ __forceinline__ void rectify_backward(
    const DecoderView& d, const unsigned* signs, size_t padded, int first, float* rows) {
  int lane = threadIdx.x % kWarp;
  for (int word = 0; word < sign_words(d); word++) {
    unsigned positive = signs[word * padded + first + lane];
    int end = min(kChunk, d.hidden - word * kChunk);
    for (int o = 0; o < end; o++) {
      float* g = rows + (word * kChunk + o) * kTileStride + lane;
      *g = positive >> o & 1u ? *g : 0.f;
    }
  }
}

__device__ __forceinline__ void copy_rows(const float* from, int count, float* to) {
  int lane = threadIdx.x % kWarp;
  for (int k = 0; k < count; k++) {
    to[k * kTileStride + lane] = from[k * kTileStride + lane];
  }
}

// dL/dp_a += sum_j dL/de_j cos((p B)_j) B_aj, with dL/de from the layers that read the encoding.
__device__ __forceinline__ void encode_backward(
    const DecodeBackwardTask& t, int first, const BackwardRows& rows, int againLayer) {
  const DecoderView& d = t.decoder;
  int inputs = d.encodingSize;
  int stride = round_up(inputs, 4);
  float px[kLanePoints], py[kLanePoints], pz[kLanePoints];
  float gx[kLanePoints] = {}, gy[kLanePoints] = {}, gz[kLanePoints] = {};
#pragma unroll
  for (int p = 0; p < kLanePoints; p++) {
    const float* point = t.points + 3 * min(first + lane_points() + p, t.count - 1);
    px[p] = point[0];
    py[p] = point[1];
    pz[p] = point[2];
  }
  for (int chunk = 0; chunk < inputs; chunk += kChunk) {
    int i = chunk + lane_outputs();
    if (i >= inputs) {
      continue;
    }
    Sums sums;
    clear(sums);
    multiply(sums, d.backward + d.layers[0].inputBackward + i, stride, rows.after, d.hidden);
    if (againLayer >= 0) {
      bool output = againLayer == d.blocks;
      multiply(
          sums, d.backward + d.layers[againLayer].inputBackward + i, stride, output ? rows.output : rows.again,
          output ? d.outputs : d.hidden);
    }
#pragma unroll
    for (int o = 0; o < kLaneOutputs; o++) {
      if (i + o < inputs) {
        const float* b = d.encoding + i + o;
        float bx = __ldg(b), by = __ldg(b + inputs), bz = __ldg(b + 2 * inputs);
#pragma unroll
        for (int p = 0; p < kLanePoints; p++) {
          float g = sums.at[o][p] * cosine(px[p] * bx + py[p] * by + pz[p] * bz);
          gx[p] += g * bx;
          gy[p] += g * by;
          gz[p] += g * bz;
        }
      }
    }
  }
#pragma unroll
  for (int p = 0; p < kLanePoints; p++) {
    for (int offset = 8; offset <= 16; offset *= 2) {
      gx[p] += __shfl_xor_sync(kAllLanes, gx[p], offset);
      gy[p] += __shfl_xor_sync(kAllLanes, gy[p], offset);
      gz[p] += __shfl_xor_sync(kAllLanes, gz[p], offset);
    }
    int point = first + lane_points() + p;
    if (threadIdx.x % kWarp < 8 && point < t.count) {
      t.pointGradient[3 * point] += gx[p];
      t.pointGradient[3 * point + 1] += gy[p];
      t.pointGradient[3 * point + 2] += gz[p];
    }
  }
}

// Layers from the last block to the first; leaves dL/d(W h + b) of the first in `after`. The layer that reads the
// input again, or -1.
__device__ __forceinline__ int layers_backward(
    const DecodeBackwardTask& t, int first, BackwardRows& rows, size_t padded) {
  const DecoderView& d = t.decoder;
  int again = d.layers[d.blocks].inputBackward >= 0 ? d.blocks : -1;
  propagate(d.backward + d.layers[d.blocks].hiddenBackward, d.hidden, rows.output, d.outputs, rows.after, false);
  __syncwarp();
  for (int block = d.blocks - 1;; block--) {
    const LayerOffsets at = d.layers[block];
    float* to = t.recorded == nullptr ? nullptr : t.recorded + 2 * block * d.hidden * padded;
    if (at.featureBackward >= 0) {
      propagate(d.backward + at.featureBackward, d.features, rows.after, d.hidden, rows.feature, true);
      if (to != nullptr) {
        record(rows.after, d.hidden, to + d.hidden * padded, padded, first);
      }
      __syncwarp();
    }
    rectify_backward(d, t.signs + block * sign_words(d) * padded, padded, first, rows.after);
    __syncwarp();
    if (to != nullptr) {
      record(rows.after, d.hidden, to, padded, first);
    }
    if (block == 0) {
      return again;
    }
    if (at.inputBackward >= 0) {
      again = block;
      copy_rows(rows.after, d.hidden, rows.again);
    }
    propagate(d.backward + at.hiddenBackward, d.hidden, rows.after, d.hidden, rows.before, false);
    __syncwarp();
    float* swap = rows.before;
    rows.before = rows.after;
    rows.after = swap;
  }
}

__device__ __forceinline__ void decode_backward_tile(const DecodeBackwardTask& t, int first, float* tile) {
  const DecoderView& d = t.decoder;
  size_t padded = round_up(t.count, kTilePoints);
  BackwardRows rows = backward_rows(d, tile);
  int lane = threadIdx.x % kWarp;
  load_output_gradient(t, first, rows.output);
  for (int k = 0; k < d.features && t.points != nullptr; k++) {
    rows.feature[k * kTileStride + lane] = 0.f;
  }
  __syncwarp();
  if (t.recorded != nullptr) {
    record(rows.output, d.outputs, t.recorded + 2 * d.blocks * d.hidden * padded, padded, first);
  }
  int again = layers_backward(t, first, rows, padded);
  if (t.points == nullptr) {
    return;
  }
  if (d.encodingSize > 0) {
    if (t.pointGradient != nullptr) {
      encode_backward(t, first, rows, again);
    }
  } else {
    propagate(d.backward + d.layers[0].inputBackward, d.features, rows.after, d.hidden, rows.feature, true);
    if (again == d.blocks) {
      propagate(d.backward + d.layers[again].inputBackward, d.features, rows.output, d.outputs, rows.feature, true);
    } else if (again > 0) {
      propagate(d.backward + d.layers[again].inputBackward, d.features, rows.again, d.hidden, rows.feature, true);
    }
  }
  __syncwarp();
  interpolate_backward(t.own, t.points, first, t.count, rows.feature, t.pointGradient);
  __syncwarp();
}

}  // namespace roomfield

KERNEL __launch_bounds__(64, 4) decode_backward(const __grid_constant__ roomfield::DecodeBackwardTasks tasks) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  const DecodeBackwardTask& t = tasks.level[blockIdx.y];
  float* tile = shared + threadIdx.x / kWarp * t.activations;
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_backward_tile(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode_backward)

KERNEL __launch_bounds__(64, 4) decode_backward_wide(const __grid_constant__ roomfield::DecodeBackwardTasks tasks) {
  using namespace roomfield;
  const DecodeBackwardTask& t = tasks.level[blockIdx.y];
  float* tile = t.scratch + static_cast<size_t>(first_tile()) * t.activations;
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_backward_tile(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode_backward_wide)
