package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.field.EvictedFeatures;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which blocks of a map are in memory (docs/adr/0019): of those that are written down as they are,
 * the ones that no window has seen for longest leave it while there are more bytes than the budget
 * allows. What leaves are features and Adam's moments; the table of blocks stays, so that a block
 * is never taken for one that is not there, and whoever reads it waits until it has come back. For
 * the mapper's thread, but for what comes back, on any.
 */
final class ResidentBlocks {
  /** The coarse level has few blocks, and all are read all the time. */
  private static final FieldLevel[] LEVELS = {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR};

  /**
   * So many that are out of view stay whatever the budget: what one ray passes on three levels, a
   * few times over. With fewer each would be read again for every sample of a ray.
   */
  static final int LEAST = 64;

  private final SceneField field;
  private final FieldOptimizer optimizer;
  private final FrustumMask frustum;

  /** Null while nothing is written down. */
  private volatile KeptMap kept;

  private long written;

  private long round = 1; // guarded by this, as are all below

  /** Per level and block, the round in which it was last in view or came back. */
  private final Map<FieldLevel, long[]> seen = new EnumMap<>(FieldLevel.class);

  /** In the order in which they may leave. */
  private final Deque<Resident> evictable = new ArrayDeque<>();

  private long bytes;

  ResidentBlocks(SceneField field, FieldOptimizer optimizer, FrustumMask frustum) {
    this.field = field;
    this.optimizer = optimizer;
    this.frustum = frustum;
    for (FieldLevel level : LEVELS) {
      seen.put(level, new long[0]);
    }
  }

  /** Blocks whose stamp is at most this one are written down as they are. */
  void written(long stamp, KeptMap where) {
    kept = where;
    written = stamp;
    trim();
  }

  /** To be told after a round: what its window may see stays. */
  void after(MappingWindow window) {
    if (kept == null) {
      return;
    }
    synchronized (this) {
      round++;
      for (FieldLevel level : LEVELS) {
        if (field.hasFeatures(level)) {
          long[] last = seen(level);
          for (int i = 0; i < window.size(); i++) {
            SE3 cameraFromWorld = window.poses()[i].inverse();
            for (int block = 0; block < field.grid(level).blockCount(); block++) {
              if (frustum.mayBeSeen(
                  field.grid(level), block, window.maxDepths()[i], cameraFromWorld)) {
                last[block] = round;
              }
            }
          }
        }
      }
    }
    trim();
  }

  /**
   * As long as there are blocks. New ones are in view; what was there before the first look is not.
   */
  private long[] seen(FieldLevel level) {
    long[] now = seen.get(level);
    int blocks = field.grid(level).blockCount();
    if (now.length < blocks) {
      now = Arrays.copyOf(now, 2 * blocks);
      int before = seen.get(level).length;
      Arrays.fill(now, before, now.length, before == 0 ? 0 : round);
      seen.put(level, now);
    }
    return now;
  }

  /** Evicts what no window of this round has seen while there is too much. */
  void trim() {
    if (kept == null) {
      return;
    }
    synchronized (this) {
      evictable.clear();
      bytes = 0;
      List<Resident> clean = new ArrayList<>();
      for (FieldLevel level : LEVELS) {
        if (field.hasFeatures(level)) {
          count(level, clean);
        }
      }
      clean.removeIf(resident -> resident.lastSeen() == round);
      clean.sort(Comparator.comparingLong(Resident::lastSeen));
      evictable.addAll(clean);
      while (bytes > kept.budgetBytes() && !evictable.isEmpty()) {
        Resident leaving = evictable.remove();
        evict(leaving);
        bytes -= optimizer.bytes(leaving.level, leaving.number);
        optimizer.evict(leaving.level, leaving.number, () -> MapBlocks.moments(leaving.load()));
      }
    }
  }

  /** Adds up what is in memory; of it, what is written down as it is. */
  private void count(FieldLevel level, List<Resident> clean) {
    FeatureGrid grid = field.grid(level);
    seen(level);
    for (int block = 0; block < grid.blockCount(); block++) {
      long features = grid.content(block).bytes();
      long moments = optimizer.bytes(level, block);
      bytes += features + moments;
      if (features + moments > 0 && grid.stamp(block) <= written) {
        clean.add(new Resident(level, block, grid));
      }
    }
  }

  private void evict(Resident leaving) {
    long features = leaving.content.bytes();
    if (leaving.content.evict(leaving)) {
      bytes -= features;
      kept.evicted(1);
    }
  }

  /** On any thread, as whoever draws a mesh may read all blocks: others leave for this one. */
  private synchronized void loaded(Resident back) {
    seen.get(back.level)[back.number] = round;
    bytes += back.content.bytes();
    evictable.add(back);
    while (bytes > kept.budgetBytes() && evictable.size() > LEAST) {
      evict(evictable.remove());
    }
  }

  /** Bytes of features and moments in memory. */
  synchronized long bytes() {
    return bytes;
  }

  /** A block's features that are written down as they are. */
  private final class Resident implements EvictedFeatures {
    private final FieldLevel level;
    private final int number;
    private final FeatureGrid.Content content;
    private final int x;
    private final int y;
    private final int z;

    Resident(FieldLevel level, int number, FeatureGrid grid) {
      this.level = level;
      this.number = number;
      content = grid.content(number);
      x = grid.blockX(number);
      y = grid.blockY(number);
      z = grid.blockZ(number);
    }

    long lastSeen() {
      return seen.get(level)[number];
    }

    MapBlock load() {
      MapBlock block = kept.block(MapBlocks.part(level), number);
      if (block.x() != x || block.y() != y || block.z() != z) {
        throw new IllegalStateException(
            "%s block %d is at (%d, %d, %d) on disk (expected: (%d, %d, %d), where it was)"
                .formatted(level, number, block.x(), block.y(), block.z(), x, y, z));
      }
      return block;
    }

    @Override
    public float[] features() {
      return load().values();
    }

    @Override
    public void loaded() {
      ResidentBlocks.this.loaded(this);
    }
  }
}
