package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.field.Decoder;

/** Launches of decode, decode_backward and weight_gradient on one level. */
final class DecodeLaunches {
  /** Points of a warp, and the floats that lie between two rows of its tile: tile.cuh. */
  private static final int TILE = 32;

  private static final int TILE_STRIDE = 36;

  private static final int THREADS = 64;
  private static final int WARPS = THREADS / Workspace.WARP;

  /** Blocks a multiprocessor that more than one wave of tiles is dealt to. */
  private static final int BLOCKS_PER_MULTIPROCESSOR = 16;

  /** The same where every warp has a tile of its own in global memory. */
  private static final int WIDE_BLOCKS_PER_MULTIPROCESSOR = 2;

  private static final int SIGN_BITS = 32;

  /** Parts that a product over points is cut into, at most, and points of each, at least. */
  private static final int MAX_PARTS = 128;

  private static final int PART_POINTS = 256;

  private static final int PRODUCT_THREADS = 256;
  private static final int PRODUCT_SHARED_BYTES = 2 * 32 * 33 * Float.BYTES;
  private static final int SUM_THREADS = 1024;

  /** Points whose activations are kept at a time for the gradient of weights. */
  static final int RECORDED_POINTS = 1 << 16;

  private static final String ACTIVATIONS = "recorded activations";
  private static final String GRADIENTS = "recorded gradients";
  private static final String SIGNS = "recorded signs";
  private static final String PARTIAL = "partial weight gradients";

  private final Workspace work;
  private final CudaDevice device;

  DecodeLaunches(Workspace work) {
    this.work = work;
    device = work.context().device();
  }

  /** Addresses of a batch: {@code points [count, 3]} or, without, {@code rows}. */
  record Batch(long points, long rows, int count) {
    /** Part of it. */
    Batch part(int first, int length, int features) {
      return points == 0
          ? new Batch(0, rows + offset(first, features), length)
          : new Batch(points + offset(first, 3), 0, length);
    }
  }

  static long padded(int count) {
    return (count + TILE - 1L) / TILE * TILE;
  }

  /** 32-bit words of rectifiers' signs that a batch needs. */
  static long signWords(Decoder.Shape shape, int count) {
    return padded(count) * shape.blocks() * ((shape.hidden() + SIGN_BITS - 1) / SIGN_BITS);
  }

  /**
   * Decodes a batch.
   *
   * @param outputs address of {@code [count, outputs]}
   * @param signs address of what {@link #signWords} says, or 0
   * @param recorded address of {@code [recordedRows, padded]}, or 0
   */
  void forward(LevelView level, Batch batch, long outputs, long signs, long recorded) {
    Decoder.Shape shape = level.decoder().shape();
    int rows = shape.encodingSize() + shape.featureChannels() + 2 * shape.hidden();
    Tiles tiles = tiles(batch.count, rows);
    Struct task =
        new Struct()
            .struct(batch.points == 0 ? LevelView.noGrid() : level.own(0))
            .struct(level.other())
            .struct(level.decoder().view())
            .address(batch.points)
            .address(batch.rows)
            .address(outputs)
            .address(signs)
            .address(recorded)
            .buffer(tiles.scratch)
            .i32(batch.count, tiles.floats);
    work.arguments().struct(task.padded());
    work.launch(tiles.scratch == null ? "decode" : "decode_wide", tiles.grid);
  }

  /** What a backward pass adds to, and what it reads: addresses. */
  record Gradients(
      long outputs, int outputStride, long signs, long gridTable, long points, long recorded) {}

  /** The backward pass of {@link #forward}. */
  void backward(LevelView level, Batch batch, Gradients gradients) {
    Decoder.Shape shape = level.decoder().shape();
    int features = batch.points == 0 ? 0 : shape.featureChannels();
    int rows = DecoderLayout.padded(shape.outputs()) + 3 * shape.hidden() + features;
    Tiles tiles = tiles(batch.count, rows);
    Struct task =
        new Struct()
            .struct(batch.points == 0 ? LevelView.noGrid() : level.own(gradients.gridTable))
            .struct(level.decoder().view())
            .address(batch.points)
            .address(gradients.outputs)
            .address(gradients.signs)
            .address(gradients.points)
            .address(gradients.recorded)
            .buffer(tiles.scratch)
            .i32(batch.count, gradients.outputStride, tiles.floats);
    work.arguments().struct(task.padded());
    work.launch(tiles.scratch == null ? "decode_backward" : "decode_backward_wide", tiles.grid);
  }

  /** Adds the weights' gradient of what both passes recorded to {@code [weightCount]}. */
  void weightGradient(
      DeviceDecoder decoder, long recordedGradient, long recorded, int count, long gradient) {
    int products = decoder.layout().productCount();
    int parts = parts(count);
    DeviceBuffer partial = work.words(PARTIAL, partialFloats(decoder.layout(), count));
    work.arguments()
        .address(decoder.products())
        .address(recordedGradient)
        .address(recorded)
        .buffer(partial)
        .i32(count);
    work.launch(
        "weight_gradient", new Grid(products, parts, PRODUCT_THREADS, PRODUCT_SHARED_BYTES));
    work.arguments().address(decoder.products()).buffer(partial).i32(parts).address(gradient);
    work.launch("sum_weight_gradient", new Grid(products, 1, SUM_THREADS, 0));
  }

  /** Takes the memory of {@link #backwardWithWeights}, so that it is there when sums begin. */
  void reserve(LevelView level, int count) {
    DecoderLayout layout = level.decoder().layout();
    int most = Math.min(count, RECORDED_POINTS);
    work.words(ACTIVATIONS, padded(most) * layout.recordedRows());
    work.words(GRADIENTS, padded(most) * layout.recordedGradientRows());
    work.words(SIGNS, signWords(level.decoder().shape(), most));
    work.words(PARTIAL, partialFloats(layout, most));
  }

  private static long partialFloats(DecoderLayout layout, int count) {
    return (long) parts(count) * layout.productCount() * SUM_THREADS;
  }

  private static int parts(int count) {
    return Math.clamp(count / PART_POINTS, 1, MAX_PARTS);
  }

  /**
   * Runs both passes again, part by part, and adds the weights' gradient.
   *
   * @param gradients of the whole batch; its points' gradients are added to
   */
  void backwardWithWeights(
      LevelView level, Batch batch, long outputs, Gradients gradients, long weightGradient) {
    Decoder.Shape shape = level.decoder().shape();
    DecoderLayout layout = level.decoder().layout();
    int most = Math.min(batch.count, RECORDED_POINTS);
    long recorded = work.words(ACTIVATIONS, padded(most) * layout.recordedRows()).pointer();
    long recordedGradient =
        work.words(GRADIENTS, padded(most) * layout.recordedGradientRows()).pointer();
    long signs = work.words(SIGNS, signWords(shape, most)).pointer();
    for (int first = 0; first < batch.count; first += most) {
      int count = Math.min(most, batch.count - first);
      Batch part = batch.part(first, count, shape.featureChannels());
      forward(level, part, outputs + offset(first, shape.outputs()), signs, recorded);
      backward(
          level,
          part,
          new Gradients(
              gradients.outputs + offset(first, gradients.outputStride),
              gradients.outputStride,
              signs,
              gradients.gridTable,
              gradients.points == 0 ? 0 : gradients.points + offset(first, 3),
              recordedGradient));
      weightGradient(level.decoder(), recordedGradient, recorded, count, weightGradient);
    }
  }

  private static long offset(int first, int stride) {
    return (long) Float.BYTES * first * stride;
  }

  /** How a batch is dealt to warps; scratch is null where tiles fit shared memory. */
  private record Tiles(Grid grid, int floats, DeviceBuffer scratch) {}

  private Tiles tiles(int count, int rows) {
    int floats = rows * TILE_STRIDE;
    int sharedBytes = WARPS * floats * Float.BYTES;
    int wanted = (int) ((padded(count) / TILE + WARPS - 1) / WARPS);
    if (sharedBytes <= device.sharedMemoryPerBlockOptin()) {
      int blocks = Math.min(wanted, BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors());
      return new Tiles(new Grid(blocks, 1, THREADS, sharedBytes), floats, null);
    }
    int blocks = Math.min(wanted, WIDE_BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors());
    DeviceBuffer scratch = work.words("wide tiles", (long) blocks * WARPS * floats);
    return new Tiles(new Grid(blocks, 1, THREADS, 0), floats, scratch);
  }
}
