// A decoder's weights as kernels read them (Decoder.java tells the formula). Written by DeviceDecoder.java, the offsets by DecoderLayout.java.
#pragma once

#include "device.cuh"

namespace roomfield {

// Where a block's matrices begin; -1 where it has none. The row after the last block's is the output layer's.
struct LayerOffsets {
  // In `forward`, [inputs][outputs padded to 4]: what multiplies the decoder's input, the block's and the feature.
  int inputForward, hiddenForward, featureForward;
  // In `backward`, [outputs][inputs padded to 4].
  int inputBackward, hiddenBackward, featureBackward;
  // In `flat`.
  int bias, featureBias;
  // In `halves`, [inputs][outputs], both padded to 16 with zeros.
  int inputHalf, hiddenHalf, featureHalf;
};

struct DecoderView {
  // B [3, encodingSize].
  const float* encoding;
  // As Decoder.weights().
  const float* flat;
  const float* forward;
  const float* backward;
  // The weights again, for decode_half.
  const half* halves;
  // [blocks + 1].
  const LayerOffsets* layers;
  int encodingSize, features, hidden, blocks, outputs;
};

__device__ __forceinline__ int input_size(const DecoderView& d) {
  return d.encodingSize > 0 ? d.encodingSize : d.features;
}

__device__ __forceinline__ bool injects(const DecoderView& d) { return d.encodingSize > 0 && d.features > 0; }

// Rows of a tile that a decoder's forward pass keeps: input, feature, two layers.
__device__ __forceinline__ int feature_row(const DecoderView& d) { return d.encodingSize; }

__device__ __forceinline__ int hidden_row(const DecoderView& d) { return d.encodingSize + d.features; }

// Words of rectifier signs per point.
__device__ __forceinline__ int sign_words(const DecoderView& d) { return (d.hidden + 31) / 32; }

}  // namespace roomfield
