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

  private final FieldGradient target;
  private final Workspace work;
  private final Map<FieldLevel, Long> tables = new EnumMap<>(FieldLevel.class);
  private final Map<FieldLevel, DeviceBuffer> weights = new EnumMap<>(FieldLevel.class);

  /** The host's arrays of blocks, in the order in which they lie in {@link #fixed}. */
  private final List<float[]> blocks = new ArrayList<>();

  private DeviceBuffer fixed;
  private int fixedCount;

  HostGradient(FieldGradient target, FieldView view, Workspace work) {
    this.target = target;
    this.work = work;
    for (LevelView level : view.levels()) {
      keepBlocks(level);
    }
    fixed = work.bytes("fixed-point gradients", (long) Long.BYTES * fixedCount);
    fixed.fill(work.stream(), 0, 0, 2L * fixedCount);
    int at = 0;
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
  private int uploadTable(LevelView level, int from) {
    FeatureGrid grid = level.features();
    long[] addresses = new long[Math.max(1, grid.blockCount())];
    int at = from;
    for (int block = 0; block < grid.blockCount(); block++) {
      float[] array = block(level, block);
      if (array != null) {
        addresses[block] = fixed.pointer() + (long) Long.BYTES * at;
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
    float[] sums = blockSums();
    Map<FieldLevel, float[]> weightSums = new EnumMap<>(FieldLevel.class);
    weights.forEach(
        (level, buffer) -> {
          float[] of = new float[target.weights(level, LANE).length];
          buffer.download(work.stream(), of, 0, 0, of.length);
          weightSums.put(level, of);
        });
    int at = 0;
    for (float[] block : blocks) {
      at = add(sums, at, block);
    }
    weightSums.forEach((level, of) -> add(of, 0, target.weights(level, LANE)));
  }

  private float[] blockSums() {
    float[] sums = new float[fixedCount];
    if (fixedCount > 0) {
      DeviceBuffer floats = work.words("settled gradients", fixedCount);
      work.arguments().buffer(fixed).i32(fixedCount).buffer(floats);
      work.launch("settle_gradient", Grid.covering(fixedCount, Workspace.THREADS));
      floats.download(work.stream(), sums, 0, 0, fixedCount);
    }
    return sums;
  }

  private static int add(float[] sums, int from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += sums[from + i];
    }
    return from + to.length;
  }
}
