package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.field.Decoder;
import java.util.ArrayList;
import java.util.List;

/** Launches of decode, decode_backward and weight_gradient on one level. */
final class DecodeLaunches {
  /** Points of a warp, and the floats that lie between two rows of its tile: tile.cuh. */
  private static final int TILE = 32;

  private static final int TILE_STRIDE = 36;

  /** Outputs of a layer that a warp computes at a time: tile.cuh. */
  private static final int CHUNK = 32;

  /** Halves between two rows of a tile: decode_half.cu. */
  private static final int HALF_STRIDE = 40;

  private static final int THREADS = 64;
  private static final int WARPS = THREADS / Workspace.WARP;

  /** Blocks a multiprocessor that more than one wave of tiles is dealt to. */
  private static final int BLOCKS_PER_MULTIPROCESSOR = 16;

  /** The same where every warp has a tile of its own in global memory. */
  private static final int WIDE_BLOCKS_PER_MULTIPROCESSOR = 2;

  private static final int SIGN_BITS = 32;

  /** Levels that a launch takes, and the bytes of a level's task: decode.cu, decode_backward.cu. */
  private static final int LEVELS = 3;

  private static final int DECODE_TASK_BYTES = 240;
  private static final int DECODE_BACKWARD_TASK_BYTES = 192;

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
   * A level's part of a forward pass.
   *
   * @param values address of {@code [count, outputs]}
   * @param signs address of what {@link #signWords} says, or 0
   * @param recorded address of {@code [recordedRows, padded]}, or 0
   */
  record Outputs(LevelView level, long values, long signs, long recorded) {}

  /** Decodes a batch at some levels, side by side. */
  void forward(Batch batch, List<Outputs> levels) {
    List<Outputs> narrow = new ArrayList<>();
    List<Outputs> halves = new ArrayList<>();
    for (Outputs outputs : levels) {
      if (isHalf(outputs.level, batch)) {
        halves.add(outputs);
      } else if (isWide(forwardFloats(outputs.level))) {
        forward(batch, List.of(outputs), forwardFloats(outputs.level), "decode_wide");
      } else {
        narrow.add(outputs);
      }
    }
    if (!narrow.isEmpty()) {
      int floats = narrow.stream().mapToInt(of -> forwardFloats(of.level)).max().orElseThrow();
      forward(batch, narrow, floats, "decode");
    }
    if (!halves.isEmpty()) {
      int floats = halves.stream().mapToInt(of -> halfFloats(of.level)).max().orElseThrow();
      forward(batch, halves, floats, "decode_half");
    }
  }

  /** What decode_half's tile takes: sums of a chunk of outputs, then rows of halves. */
  private static int halfFloats(LevelView level) {
    Decoder.Shape shape = level.decoder().shape();
    int rows =
        DecoderLayout.halfRows(shape.encodingSize())
            + DecoderLayout.halfRows(shape.featureChannels())
            + layers(shape) * DecoderLayout.halfRows(shape.hidden());
    return CHUNK * TILE_STRIDE + rows * HALF_STRIDE / 2;
  }

  /** Layers' rows that a tile holds: one that is a single chunk takes the place of its input. */
  private static int layers(Decoder.Shape shape) {
    return shape.hidden() <= CHUNK ? 1 : 2;
  }

  /** Whether a level's passes are in half precision: both or neither. */
  private boolean isHalf(LevelView level, Batch batch) {
    return work.isHalf()
        && batch.points != 0
        && !isWide(halfFloats(level))
        && !isWide(backwardHalfFloats(level));
  }

  private static int forwardFloats(LevelView level) {
    Decoder.Shape shape = level.decoder().shape();
    return TILE_STRIDE * (shape.encodingSize() + shape.featureChannels() + 2 * shape.hidden());
  }

  private void forward(Batch batch, List<Outputs> levels, int floats, String kernel) {
    Tiles tiles = tiles(batch.count, floats, levels.size());
    Struct tasks = new Struct();
    for (Outputs of : levels) {
      tasks.struct(
          new Struct()
              .struct(batch.points == 0 ? LevelView.noGrid() : of.level.own(0))
              .struct(of.level.other())
              .struct(of.level.decoder().view())
              .address(batch.points)
              .address(batch.rows)
              .address(of.values)
              .address(of.signs)
              .address(of.recorded)
              .buffer(tiles.scratch)
              .i32(batch.count, tiles.floats));
    }
    tasks.skip((LEVELS - levels.size()) * DECODE_TASK_BYTES);
    work.arguments().struct(tasks.padded());
    work.launch(kernel, tiles.grid);
  }

  /**
   * A level's part of a backward pass: what it reads and adds to, as addresses.
   *
   * @param points address of {@code [count, 3]}, 0 where points take no gradient
   */
  record Gradients(
      LevelView level,
      long outputs,
      int outputStride,
      long signs,
      long gridTable,
      long points,
      long recorded) {}

  /** The backward pass of {@link #forward}, side by side too. */
  void backward(Batch batch, List<Gradients> levels) {
    List<Gradients> narrow = new ArrayList<>();
    List<Gradients> halves = new ArrayList<>();
    for (Gradients gradients : levels) {
      int floats = backwardFloats(gradients.level, batch);
      if (isHalf(gradients.level, batch)) {
        halves.add(gradients);
      } else if (isWide(floats)) {
        backward(batch, List.of(gradients), floats, "decode_backward_wide");
      } else {
        narrow.add(gradients);
      }
    }
    if (!narrow.isEmpty()) {
      int floats =
          narrow.stream().mapToInt(of -> backwardFloats(of.level, batch)).max().orElseThrow();
      backward(batch, narrow, floats, "decode_backward");
    }
    if (!halves.isEmpty()) {
      int floats = halves.stream().mapToInt(of -> backwardHalfFloats(of.level)).max().orElseThrow();
      backward(batch, halves, floats, "decode_backward_half");
    }
  }

  /** What decode_backward_half's tile takes. */
  private static int backwardHalfFloats(LevelView level) {
    Decoder.Shape shape = level.decoder().shape();
    int rows =
        DecoderLayout.halfRows(shape.outputs())
            + (1 + layers(shape)) * DecoderLayout.halfRows(shape.hidden());
    int channels = DecoderLayout.padded(level.features().channels());
    return (CHUNK + channels) * TILE_STRIDE + rows * HALF_STRIDE / 2;
  }

  private static int backwardFloats(LevelView level, Batch batch) {
    Decoder.Shape shape = level.decoder().shape();
    int features = batch.points == 0 ? 0 : shape.featureChannels();
    return TILE_STRIDE * (DecoderLayout.padded(shape.outputs()) + 3 * shape.hidden() + features);
  }

  private void backward(Batch batch, List<Gradients> levels, int floats, String kernel) {
    Tiles tiles = tiles(batch.count, floats, levels.size());
    Struct tasks = new Struct();
    for (Gradients of : levels) {
      tasks.struct(
          new Struct()
              .struct(batch.points == 0 ? LevelView.noGrid() : of.level.own(of.gridTable))
              .struct(of.level.decoder().view())
              .address(batch.points)
              .address(of.outputs)
              .address(of.signs)
              .address(of.points)
              .address(of.recorded)
              .buffer(tiles.scratch)
              .i32(batch.count, of.outputStride, tiles.floats));
    }
    tasks.skip((LEVELS - levels.size()) * DECODE_BACKWARD_TASK_BYTES);
    work.arguments().struct(tasks.padded());
    work.launch(kernel, tiles.grid);
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

  /** Where a forward pass records one level's activations, for {@link #weightGradient}. */
  long recordedActivations(LevelView level, int count) {
    long rows = level.decoder().layout().recordedRows();
    return work.words(ACTIVATIONS, padded(count) * rows).pointer();
  }

  /** Where a backward pass records one level's gradients. */
  long recordedGradients(LevelView level, int count) {
    long rows = level.decoder().layout().recordedGradientRows();
    return work.words(GRADIENTS, padded(count) * rows).pointer();
  }

  private static long partialFloats(DecoderLayout layout, int count) {
    return (long) parts(count) * layout.productCount() * SUM_THREADS;
  }

  private static int parts(int count) {
    return Math.clamp(count / PART_POINTS, 1, MAX_PARTS);
  }

  /**
   * Runs both passes of a level again, part by part, and adds the weights' gradient.
   *
   * @param outputs address of {@code [count, outputs]}, written again
   * @param gradients of the whole batch
   * @param weightGradient address of {@code [weightCount]}
   */
  void backwardWithWeights(Batch batch, long outputs, Gradients gradients, long weightGradient) {
    LevelView level = gradients.level;
    Decoder.Shape shape = level.decoder().shape();
    int most = Math.min(batch.count, RECORDED_POINTS);
    long recorded = recordedActivations(level, most);
    long recordedGradient = recordedGradients(level, most);
    long signs = work.words(SIGNS, signWords(shape, most)).pointer();
    for (int first = 0; first < batch.count; first += most) {
      int count = Math.min(most, batch.count - first);
      Batch part = batch.part(first, count, shape.featureChannels());
      long values = outputs + offset(first, shape.outputs());
      forward(part, List.of(new Outputs(level, values, signs, recorded)));
      Gradients partGradients =
          new Gradients(
              level,
              gradients.outputs + offset(first, gradients.outputStride),
              gradients.outputStride,
              signs,
              gradients.gridTable,
              gradients.points == 0 ? 0 : gradients.points + offset(first, 3),
              recordedGradient);
      backward(part, List.of(partGradients));
      weightGradient(level.decoder(), recordedGradient, recorded, count, weightGradient);
    }
  }

  private static long offset(int first, int stride) {
    return (long) Float.BYTES * first * stride;
  }

  /** How a batch is dealt to warps; scratch is null where tiles fit shared memory. */
  private record Tiles(Grid grid, int floats, DeviceBuffer scratch) {}

  /** Whether a warp's tile of so many floats does not fit shared memory. */
  private boolean isWide(int floats) {
    return WARPS * floats * Float.BYTES > device.sharedMemoryPerBlockOptin();
  }

  private Tiles tiles(int count, int floats, int levels) {
    int wanted = (int) ((padded(count) / TILE + WARPS - 1) / WARPS);
    if (!isWide(floats)) {
      int blocks = Math.min(wanted, BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors());
      int sharedBytes = WARPS * floats * Float.BYTES;
      return new Tiles(new Grid(blocks, levels, THREADS, sharedBytes), floats, null);
    }
    int blocks = Math.min(wanted, WIDE_BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors());
    DeviceBuffer scratch = work.words("wide tiles", (long) blocks * WARPS * floats);
    return new Tiles(new Grid(blocks, levels, THREADS, 0), floats, scratch);
  }
}
