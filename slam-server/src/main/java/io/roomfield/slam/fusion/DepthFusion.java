package io.roomfield.slam.fusion;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.RayBundles;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Fuses depth frames of known pose into a map: allocates the blocks that a frame's rays pass from
 * the camera to the reading plus the truncation, free space included, and has the backend update
 * them. For one thread at a time.
 */
public final class DepthFusion {
  /** Edge of a bundle of rays in pixels: narrower than a block to far beyond a room's size. */
  private static final int TILE = 16;

  /** Metres around the camera's centre that are free: less than it keeps from what it looks at. */
  private static final double CLEARANCE = 0.3;

  /** Weight of that, far below any reading's. */
  private static final float CLEARANCE_WEIGHT = 1e-3f;

  private final FusedDepth map;
  private final ComputeBackend backend;

  /** Per block number, the number of the last frame whose rays passed it. */
  private int[] passedBy = new int[0];

  private int frames;
  private int[] passed = new int[0];
  private int passedCount;

  /**
   * @param map changed by {@link #integrate}
   */
  public DepthFusion(FusedDepth map, ComputeBackend backend) {
    this.map = map;
    this.backend = backend;
  }

  public FusedDepth map() {
    return map;
  }

  /**
   * Fuses one frame.
   *
   * @param depthMetres {@code [height, width]} along the optical axis; what is not above 0 and
   *     finite is no reading
   * @return numbers of the blocks that changed, in the order in which the rays met them
   * @throws IllegalArgumentException if the image's size is not the camera's
   */
  public int[] integrate(float[] depthMetres, PinholeCamera camera, SE3 worldFromCamera) {
    DepthFrame frame = new DepthFrame(depthMetres, camera, worldFromCamera);
    frames++;
    passedCount = 0;
    new RayBundles(camera, TILE, map.voxelEdge(), FusedDepth.BLOCK_EDGE)
        .follow(depthMetres, worldFromCamera, reading -> reading + map.truncation(), this::pass);
    int[] blocks = Arrays.copyOf(passed, passedCount);
    boolean[] changed = new boolean[passedCount];
    backend.fuse(map, blocks, frame, changed);
    int count = 0;
    for (int i = 0; i < blocks.length; i++) {
      if (changed[i]) {
        map.changed(blocks[i]);
        blocks[count++] = blocks[i];
      }
    }
    return Arrays.copyOf(blocks, count);
  }

  /**
   * Marks as free what lies within {@value #CLEARANCE} m of a camera that stood there, where no
   * reading told otherwise. Rays begin where no reading is, and a weight of 1 in 100 at their
   * beginning is centimetres of rendered depth.
   *
   * @return numbers of the blocks that changed
   */
  public int[] clearAround(SE3 pose) {
    Set<Integer> changed = new LinkedHashSet<>();
    double edge = map.voxelEdge();
    int reach = (int) Math.ceil(CLEARANCE / edge);
    int x0 = (int) Math.round(pose.tx() / edge);
    int y0 = (int) Math.round(pose.ty() / edge);
    int z0 = (int) Math.round(pose.tz() / edge);
    for (int z = z0 - reach; z <= z0 + reach; z++) {
      for (int y = y0 - reach; y <= y0 + reach; y++) {
        for (int x = x0 - reach; x <= x0 + reach; x++) {
          double dx = x * edge - pose.tx();
          double dy = y * edge - pose.ty();
          double dz = z * edge - pose.tz();
          if (dx * dx + dy * dy + dz * dz < CLEARANCE * CLEARANCE) {
            clear(x, y, z, changed);
          }
        }
      }
    }
    changed.forEach(map::changed);
    return changed.stream().mapToInt(Integer::intValue).toArray();
  }

  private void clear(int x, int y, int z, Set<Integer> changed) {
    int shift = FusedDepth.BLOCK_SHIFT;
    int mask = FusedDepth.BLOCK_EDGE - 1;
    int block = map.allocate(x >> shift, y >> shift, z >> shift);
    int vertex = ((z & mask) << (2 * shift)) + ((y & mask) << shift) + (x & mask);
    if (map.weights(block)[vertex] == 0) {
      map.distances(block)[vertex] = 1f;
      map.weights(block)[vertex] = CLEARANCE_WEIGHT;
      changed.add(block);
    }
  }

  private void pass(int bx, int by, int bz) {
    int block = map.allocate(bx, by, bz);
    if (block >= passedBy.length) {
      passedBy = Arrays.copyOf(passedBy, 2 * map.blockCount());
      passed = Arrays.copyOf(passed, 2 * map.blockCount());
    }
    if (passedBy[block] != frames) {
      passedBy[block] = frames;
      passed[passedCount++] = block;
    }
  }
}
