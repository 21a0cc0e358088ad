// Interpolates features at points, encodes positions and runs a decoder (NICE-SLAM, section 3.1).
// Oracle: scalar.TrilinearInterpolation, scalar.DecoderPass (forward).
//
// points [count, 3] world metres, or rows [count, features] where the input is given -> outputs [count, outputs],
// signs [blocks * words, padded] of the rectifiers (or null), recorded [inputs + features + blocks * hidden, padded]
// activations (or null), padded = count rounded up to 32.
// Launch: warps of 32 points, any number of blocks along x; up to three levels side by side along y. Shared:
// `activations` floats a warp; decode_wide takes them from `scratch` instead, for networks whose tile is larger than
// shared memory.
#include "decoder.cuh"
#include "grid.cuh"

namespace roomfield {

constexpr int kLevels = 3;

// As DecodeLaunches.java writes it.
struct DecodeTask {
  Grid own;
  // What the decoder reads beside its own grid's features: mid's, for fine. No channels for none.
  Grid other;
  DecoderView decoder;
  const float* points;
  const float* rows;
  float* outputs;
  unsigned* signs;
  float* recorded;
  float* scratch;
  int count;
  // Floats of a warp's tile.
  int activations;
};

static_assert(sizeof(DecodeTask) == 240, "DecodeLaunches.java");

struct DecodeTasks {
  DecodeTask level[kLevels];
};

template <typename Rows>
__device__ __forceinline__ void encode(const DecoderView& d, const float* points, int first, int count, Rows rows) {
  int lane = threadIdx.x % kWarp;
  const float* p = points + 3 * min(first + lane, count - 1);
  float x = p[0], y = p[1], z = p[2];
  for (int j = 0; j < d.encodingSize; j++) {
    const float* b = d.encoding + j;
    float argument = x * __ldg(b) + y * __ldg(b + d.encodingSize) + z * __ldg(b + 2 * d.encodingSize);
    rows.put(j, lane, sine(argument));
  }
}

// Loads of one point's row are side by side, so lanes take turns at points.
__device__ __forceinline__ void load_rows(const DecodeTask& t, int first, float* rows) {
  int lane = threadIdx.x % kWarp;
  for (int p = 0; p < kTilePoints; p++) {
    const float* row = t.rows + static_cast<size_t>(min(first + p, t.count - 1)) * t.decoder.features;
    for (int k = lane; k < t.decoder.features; k += kWarp) {
      rows[k * kTileStride + p] = row[k];
    }
  }
}

// Rectifies, and keeps one bit per unit: whether the derivative is 1. It is for NaN, which passes.
__device__ __forceinline__ void rectify(Sums& sums, unsigned* signs) {
  unsigned positive[kLanePoints] = {0, 0, 0, 0};
#pragma unroll
  for (int o = 0; o < kLaneOutputs; o++) {
#pragma unroll
    for (int p = 0; p < kLanePoints; p++) {
      bool passes = !(sums.at[o][p] <= 0.f);
      sums.at[o][p] = passes ? sums.at[o][p] : 0.f;
      positive[p] |= (passes ? 1u : 0u) << (lane_outputs() + o);
    }
  }
  if (signs != nullptr) {
#pragma unroll
    for (int p = 0; p < kLanePoints; p++) {
      positive[p] |= __shfl_xor_sync(kAllLanes, positive[p], 8);
      positive[p] |= __shfl_xor_sync(kAllLanes, positive[p], 16);
    }
    if (threadIdx.x % kWarp < 8) {
      *reinterpret_cast<uint4*>(signs + lane_points()) =
          make_uint4(positive[0], positive[1], positive[2], positive[3]);
    }
  }
}

// h <- relu(W h + b) + (V c + v), a chunk of outputs at a time.
__device__ __forceinline__ void decode_block(
    const DecodeTask& t, int block, int first, const float* tile, const float* before, float* after) {
  const DecoderView& d = t.decoder;
  const LayerOffsets at = d.layers[block];
  size_t padded = round_up(t.count, kTilePoints);
  for (int chunk = 0; chunk < d.hidden; chunk += kChunk) {
    int o = chunk + lane_outputs();
    bool mine = o < d.hidden;
    Sums sums;
    clear(sums);
    if (mine) {
      add_bias(sums, d.flat + at.bias, o, d.hidden);
      if (at.inputForward >= 0) {
        multiply(sums, d.forward + at.inputForward + o, d.hidden, tile, input_size(d));
      }
      if (at.hiddenForward >= 0) {
        multiply(sums, d.forward + at.hiddenForward + o, d.hidden, before, d.hidden);
      }
    }
    size_t word = block * sign_words(d) + chunk / kChunk;
    rectify(sums, t.signs == nullptr ? nullptr : t.signs + word * padded + first);
    if (mine) {
      if (at.featureForward >= 0) {
        add_bias(sums, d.flat + at.featureBias, o, d.hidden);
        multiply(sums, d.forward + at.featureForward + o, d.hidden, tile + feature_row(d) * kTileStride, d.features);
      }
      store(sums, after, o, d.hidden);
    }
  }
}

__device__ __forceinline__ void decode_output(
    const DecodeTask& t, int first, const float* tile, const float* hidden) {
  const DecoderView& d = t.decoder;
  const LayerOffsets at = d.layers[d.blocks];
  int stride = round_up(d.outputs, 4);
  for (int chunk = 0; chunk < d.outputs; chunk += kChunk) {
    int o = chunk + lane_outputs();
    if (o >= d.outputs) {
      continue;
    }
    Sums sums;
    clear(sums);
    add_bias(sums, d.flat + at.bias, o, d.outputs);
    if (at.inputForward >= 0) {
      multiply(sums, d.forward + at.inputForward + o, stride, tile, input_size(d));
    }
    multiply(sums, d.forward + at.hiddenForward + o, stride, hidden, d.hidden);
#pragma unroll
    for (int i = 0; i < kLaneOutputs; i++) {
#pragma unroll
      for (int p = 0; p < kLanePoints; p++) {
        int point = first + lane_points() + p;
        if (o + i < d.outputs && point < t.count) {
          t.outputs[static_cast<size_t>(point) * d.outputs + o + i] = sums.at[i][p];
        }
      }
    }
  }
}

__device__ __forceinline__ void decode_tile(const DecodeTask& t, int first, float* tile) {
  const DecoderView& d = t.decoder;
  size_t padded = round_up(t.count, kTilePoints);
  float* features = tile + feature_row(d) * kTileStride;
  float* before = tile + hidden_row(d) * kTileStride;
  float* after = before + d.hidden * kTileStride;
  if (t.rows != nullptr) {
    load_rows(t, first, features);
  } else {
    interpolate(t.own, t.points, first, t.count, FloatRows{features});
    interpolate(t.other, t.points, first, t.count, FloatRows{features + t.own.channels * kTileStride});
    encode(d, t.points, first, t.count, FloatRows{tile});
  }
  __syncwarp();
  float* to = t.recorded;
  if (to != nullptr) {
    record(tile, hidden_row(d), to, padded, first);
    to += hidden_row(d) * padded;
  }
  for (int block = 0; block < d.blocks; block++) {
    decode_block(t, block, first, tile, before, after);
    __syncwarp();
    float* swap = before;
    before = after;
    after = swap;
    if (to != nullptr) {
      record(before, d.hidden, to, padded, first);
      to += d.hidden * padded;
    }
  }
  decode_output(t, first, tile, before);
  __syncwarp();
}

__device__ __forceinline__ int first_tile() {
  return (blockIdx.x * blockDim.x + threadIdx.x) / kWarp;
}

__device__ __forceinline__ int tile_step() { return gridDim.x * blockDim.x / kWarp; }

}  // namespace roomfield

KERNEL __launch_bounds__(64, 4) decode(const __grid_constant__ roomfield::DecodeTasks tasks) {
  using namespace roomfield;
  DYNAMIC_SHARED(float, shared);
  const DecodeTask& t = tasks.level[blockIdx.y];
  float* tile = shared + threadIdx.x / kWarp * t.activations;
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_tile(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode)

KERNEL __launch_bounds__(64, 4) decode_wide(const __grid_constant__ roomfield::DecodeTasks tasks) {
  using namespace roomfield;
  const DecodeTask& t = tasks.level[blockIdx.y];
  float* tile = t.scratch + static_cast<size_t>(first_tile()) * t.activations;
  for (int i = first_tile(); i * kTilePoints < t.count; i += tile_step()) {
    decode_tile(t, i * kTilePoints, tile);
  }
}
EXPORT_KERNEL(decode_wide)
