// Lays a decoder's weights out for decode and decode_backward: each matrix [outputs, inputs] of `flat` as [inputs,
// outputs padded to 4] into `forward` and as [outputs, inputs padded to 4] into `backward`. Oracle: none, a copy.
// Launch: one block a matrix, any number of threads. Shared: none.
#include "device.cuh"

namespace roomfield {

// As DecoderLayout.java writes it.
struct MatrixCopy {
  int flat, flatStride;
  int forward, backward;
  int outputs, inputs;
};

}  // namespace roomfield

KERNEL pack_decoder(const roomfield::MatrixCopy* matrices, const float* flat, float* forward, float* backward) {
  using namespace roomfield;
  MatrixCopy m = matrices[blockIdx.x];
  int forwardStride = round_up(m.outputs, 4);
  int backwardStride = round_up(m.inputs, 4);
  for (int k = threadIdx.x; k < m.outputs * m.inputs; k += blockDim.x) {
    int o = k / m.inputs;
    int i = k % m.inputs;
    float weight = flat[m.flat + o * m.flatStride + i];
    forward[m.forward + i * forwardStride + o] = weight;
    backward[m.backward + o * backwardStride + i] = weight;
  }
}
EXPORT_KERNEL(pack_decoder)
