package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.field.Decoder;
import java.lang.ref.WeakReference;
import java.util.Arrays;

/** A decoder as the device sees it. Guarded by its {@link DeviceFields}. */
final class DeviceDecoder implements AutoCloseable {
  private static final int PACK_THREADS = 256;

  /** Floats at whose multiple the matrices for tensor cores begin: 32 bytes. */
  private static final int MATRIX_ALIGNMENT = 8;

  private final WeakReference<Decoder> decoder;
  private final Decoder.Shape shape;
  private final DecoderLayout layout;
  private final DeviceBuffer floats;
  private final DeviceBuffer tables;
  private final int layerInts;
  private final int matrixInts;

  /** What was sent; null before. */
  private float[] sent;

  DeviceDecoder(Decoder decoder, CudaContext context) {
    this.decoder = new WeakReference<>(decoder);
    shape = decoder.shape();
    layout = new DecoderLayout(shape);
    layerInts = layout.layers().length;
    matrixInts = layout.matrices().length;
    floats = DeviceBuffer.allocate(context, "decoder weights", (long) Float.BYTES * floatCount());
    int ints = layerInts + matrixInts + layout.products().length;
    try {
      tables = DeviceBuffer.allocate(context, "decoder tables", (long) Integer.BYTES * ints);
    } catch (CudaException e) {
      floats.close();
      throw e;
    }
  }

  private int encodingFloats() {
    return DecoderLayout.padded(3 * shape.encodingSize());
  }

  private int forwardAt() {
    return encodingFloats() + DecoderLayout.padded(shape.weightCount());
  }

  private int backwardAt() {
    return forwardAt() + DecoderLayout.padded(layout.forwardFloats());
  }

  private int halvesAt() {
    int end = backwardAt() + layout.backwardFloats();
    return Math.ceilDiv(end, MATRIX_ALIGNMENT) * MATRIX_ALIGNMENT;
  }

  private int floatCount() {
    return halvesAt() + layout.halfFloats();
  }

  boolean shows(Decoder other) {
    return decoder.refersTo(other);
  }

  boolean isForgotten() {
    return decoder.refersTo(null);
  }

  Decoder.Shape shape() {
    return shape;
  }

  DecoderLayout layout() {
    return layout;
  }

  /** Where the flat weights begin. */
  long flat() {
    return floats.pointer() + (long) Float.BYTES * encodingFloats();
  }

  /** Sends the weights if they are not what was sent last; whether anything was. */
  boolean update(Decoder now, Workspace work) {
    if (sent != null && Arrays.equals(sent, now.weights())) {
      return false;
    }
    if (sent == null) {
      floats.fill(work.stream(), 0);
      floats.upload(work.stream(), now.encoding(), 0, 0, now.encoding().length);
      tables.upload(work.stream(), layout.layers(), 0, 0, layerInts);
      tables.upload(work.stream(), layout.matrices(), 0, layerInts, matrixInts);
      int[] products = layout.products();
      tables.upload(work.stream(), products, 0, layerInts + matrixInts, products.length);
    }
    float[] weights = now.weights().clone();
    floats.upload(work.stream(), weights, 0, encodingFloats(), weights.length);
    pack(work);
    sent = weights;
    return true;
  }

  /** Lays the flat weights, as they now are on the device, out for the kernels. */
  void pack(Workspace work) {
    work.arguments()
        .address(tables.pointer() + (long) Integer.BYTES * layerInts)
        .address(flat())
        .address(floats.pointer() + (long) Float.BYTES * forwardAt())
        .address(floats.pointer() + (long) Float.BYTES * backwardAt())
        .address(floats.pointer() + (long) Float.BYTES * halvesAt());
    work.launch("pack_decoder", new Grid(layout.matrixCount(), 1, PACK_THREADS, 0));
  }

  /** Brings the flat weights, which steps on the device changed, to the host's array. */
  void download(Decoder now, Workspace work) {
    floats.download(work.stream(), now.weights(), encodingFloats(), 0, now.weights().length);
    sent = now.weights().clone();
  }

  /** The device's weights are no longer the host's: they come again. */
  void forget() {
    sent = null;
  }

  /** Where {@code ProductTile [productCount]} begins. */
  long products() {
    return tables.pointer() + (long) Integer.BYTES * (layerInts + matrixInts);
  }

  /** As {@code struct DecoderView} in decoder.cuh. */
  Struct view() {
    return new Struct()
        .buffer(floats)
        .address(flat())
        .address(floats.pointer() + (long) Float.BYTES * forwardAt())
        .address(floats.pointer() + (long) Float.BYTES * backwardAt())
        .address(floats.pointer() + (long) Float.BYTES * halvesAt())
        .buffer(tables)
        .i32(shape.encodingSize(), shape.featureChannels(), shape.hidden())
        .i32(shape.blocks(), shape.outputs());
  }

  @Override
  public void close() {
    floats.close();
    tables.close();
  }
}
