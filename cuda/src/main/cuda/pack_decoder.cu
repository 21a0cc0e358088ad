// Lays a decoder's weights out for decode and decode_backward: each matrix [outputs, inputs] of `flat` as [inputs,
// outputs padded to 4] into `forward`, as [outputs, inputs padded to 4] into `backward`, and as [inputs, outputs padded
// to 16] into `halves`, rounded. What pads them is not written. Oracle: none, copies.
// Launch: one block a matrix, any number of threads. Shared: none.
#include "device.cuh"

namespace roomfield {

// As DecoderLayout.java writes it.
struct MatrixCopy {
  int flat, flatStride;
  int forward, backward, rounded;
  int outputs, inputs;
};

}  // namespace roomfield

KERNEL pack_decoder(
    const roomfield::MatrixCopy* matrices, const float* flat, float* forward, float* backward, half* halves) {
  using namespace roomfield;
  MatrixCopy m = matrices[blockIdx.x];
  int forwardStride = round_up(m.outputs, 4);
  int backwardStride = round_up(m.inputs, 4);
  int halfStride = round_up(m.outputs, 16);
  for (int k = threadIdx.x; k < m.outputs * m.inputs; k += blockDim.x) {
    int o = k / m.inputs;
    int i = k % m.inputs;
    float weight = flat[m.flat + o * m.flatStride + i];
    forward[m.forward + i * forwardStride + o] = weight;
    backward[m.backward + o * backwardStride + i] = weight;
    halves[m.rounded + i * halfStride + o] = __float2half_rn(weight);
  }
}
EXPORT_KERNEL(pack_decoder)
