package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.render.FieldGradient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A gradient that is summed on the device for one call and then added to the host's arrays. */
final class HostGradient implements GradientTarget {
  /** The device's lane: a call sums in one. */
  private static final int LANE = 0;

  /** Entries that come to the host at a time: they may be more than an array holds. */
  private static final int PART = 1 << 20;

  private final FieldGradient target;
  private final Workspace work;
  private final Map<FieldLevel, Long> tables = new EnumMap<>(FieldLevel.class);
  private final Map<FieldLevel, DeviceBuffer> weights = new EnumMap<>(FieldLevel.class);

  /** The host's arrays of blocks, in the order in which they lie in {@link #fixed}. */
  private final List<float[]> blocks = new ArrayList<>();

  private DeviceBuffer fixed;
  private long fixedCount;

  HostGradient(FieldGradient target, FieldView view, Workspace work) {
    this.target = target;
    this.work = work;
    for (LevelView level : view.levels()) {
      keepBlocks(level);
    }
    fixed = work.bytes("fixed-point gradients", Long.BYTES * fixedCount);
    fixed.fill(work.stream(), 0, 0, 2 * fixedCount);
    long at = 0;
    for (LevelView level : view.levels()) {
      at = uploadTable(level, at);
      keepWeights(level);
    }
  }

  private float[] block(LevelView level, int block) {
    float[] array = target.block(level.level(), LANE, block);
    return array == null || array.length == 0 ? null : array;
  }

  private void keepBlocks(LevelView level) {
    for (int block = 0; block < level.features().blockCount(); block++) {
      float[] array = block(level, block);
      if (array != null) {
        blocks.add(array);
        fixedCount += array.length;
      }
    }
  }

  /** Sends a level's table; returns where the next level's gradients begin. */
  private long uploadTable(LevelView level, long from) {
    FeatureGrid grid = level.features();
    long[] addresses = new long[Math.max(1, grid.blockCount())];
    long at = from;
    for (int block = 0; block < grid.blockCount(); block++) {
      float[] array = block(level, block);
      if (array != null) {
        addresses[block] = fixed.pointer() + Long.BYTES * at;
        at += array.length;
      }
    }
    if (at > from) {
      String name = "gradient table of " + level.level();
      tables.put(level.level(), work.of(name, addresses).pointer());
    }
    return at;
  }

  private void keepWeights(LevelView level) {
    float[] array = target.weights(level.level(), LANE);
    if (array != null) {
      DeviceBuffer buffer = work.words("weight gradient of " + level.level(), array.length);
      buffer.fill(work.stream(), 0, 0, array.length);
      weights.put(level.level(), buffer);
    }
  }

  @Override
  public long table(FieldLevel level) {
    return tables.getOrDefault(level, 0L);
  }

  @Override
  public long weights(FieldLevel level) {
    return weights.containsKey(level) ? weights.get(level).pointer() : 0;
  }

  /** Waits for the device, and adds what it summed to the host's arrays once all has come. */
  @Override
  public void finish() {
    List<float[]> sums = blockSums();
    Map<FieldLevel, float[]> weightSums = new EnumMap<>(FieldLevel.class);
    weights.forEach(
        (level, buffer) -> {
          float[] of = new float[target.weights(level, LANE).length];
          buffer.download(work.stream(), of, 0, 0, of.length);
          weightSums.put(level, of);
        });
    long at = 0;
    for (float[] block : blocks) {
      at = add(sums, at, block);
    }
    weightSums.forEach(
        (level, of) -> {
          float[] to = target.weights(level, LANE);
          for (int i = 0; i < to.length; i++) {
            to[i] += of[i];
          }
        });
  }

  /** The sums of all blocks, in parts that are full but for the last. */
  private List<float[]> blockSums() {
    List<float[]> parts = new ArrayList<>();
    for (long first = 0; first < fixedCount; first += PART) {
      int count = (int) Math.min(PART, fixedCount - first);
      DeviceBuffer floats = work.words("settled gradients", count);
      work.arguments().address(fixed.pointer() + Long.BYTES * first).i32(count).buffer(floats);
      work.launch("settle_gradient", Grid.covering(count, Workspace.THREADS));
      float[] part = new float[count];
      floats.download(work.stream(), part, 0, 0, count);
      parts.add(part);
    }
    return parts;
  }

  /** Adds sums from an entry on; returns the entry after. */
  private static long add(List<float[]> parts, long from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      long at = from + i;
      to[i] += parts.get((int) (at / PART))[(int) (at % PART)];
    }
    return from + to.length;
  }
}
