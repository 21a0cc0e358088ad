package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every backend's {@link ComputeBackend#fuse} must do. */
public abstract class FusionContract {
  private static final double VOXEL = 0.05;
  private static final double TRUNCATION = 0.2;

  /**
   * Float arithmetic at coordinates of a few metres is off by about 2e-7 m, of 0.2 m. At {@link
   * #BORDER_METRES} from the truncation's end that is 4e-5 of a weight, which moves an average of
   * values that differ by up to 2 by half of that; a third more for the rest.
   */
  private static final Offset<Float> VALUE = Offset.offset(3e-5f);

  /** Weights of up to 7 a frame, relative error 1e-6, five frames; twice that. */
  private static final Offset<Float> WEIGHT = Offset.offset(7e-5f);

  /** Closer to a pixel's border than this, in pixels, float and double may take either side. */
  private static final double BORDER_PIXELS = 2e-3;

  /** Nearer to the truncation's end than this a weight has few right digits in float. */
  private static final double BORDER_METRES = 5e-3;

  /** Awkward rotation, the principal point off the centre, the camera inside the blocks. */
  private static final SE3 POSE = SE3.fromRotationVector(0.3, -0.4, 0.2, 0.11, -0.23, -0.35);

  private final ComputeBackend oracle = new ScalarBackend();
  private ComputeBackend backend;

  /** A new backend, the one under test. */
  protected abstract ComputeBackend backend();

  @BeforeEach
  void open() {
    backend = backend();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  /** Blocks on all sides of the camera: inside the image, cut by its border, behind, outside. */
  private static FusedDepth map() {
    FusedDepth map = new FusedDepth(VOXEL, TRUNCATION);
    for (int i = 0; i < 100; i++) {
      map.allocate(i % 5 - 2, i / 5 % 4 - 2, i / 20 - 1);
    }
    return map;
  }

  private static int[] all(FusedDepth map) {
    return IntStream.range(0, map.blockCount()).toArray();
  }

  private static PinholeCamera camera(int width, int height) {
    return new PinholeCamera(width, height, 0.8 * width, 0.9 * width, 0.45 * width, 0.55 * height);
  }

  /** Readings of every kind: near, far, none, negative, NaN and infinite. */
  private static DepthFrame frame(PinholeCamera camera, long seed, SE3 pose) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] depth = new float[camera.width() * camera.height()];
    float[] none = {0, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < depth.length; i++) {
      int kind = random.nextInt(20);
      depth[i] = kind < none.length ? none[kind] : (float) random.nextDouble(0.3, 3);
    }
    return new DepthFrame(depth, camera, pose);
  }

  @ParameterizedTest
  @CsvSource({"16,16", "17,31", "33,16", "64,48", "97,71", "160,120"})
  void fusesAsTheOracle(int width, int height) {
    PinholeCamera camera = camera(width, height);
    FusedDepth expected = map();
    FusedDepth actual = map();
    int[] blocks = all(expected);
    boolean[] ambiguous = new boolean[blocks.length * FusedDepth.BLOCK_VOXELS];
    for (int i = 0; i < 5; i++) {
      DepthFrame frame = frame(camera, i, POSE.perturbed(0.03 * i, 0, 0.02, 0, 0.05 * i, 0));
      markAmbiguous(expected, frame, ambiguous);
      boolean[] expectedChanges = new boolean[blocks.length];
      boolean[] changes = new boolean[blocks.length];
      oracle.fuse(expected, blocks, frame, expectedChanges);
      backend.fuse(actual, blocks, frame, changes);
      assertThat(changes).isEqualTo(expectedChanges);
    }
    int compared = 0;
    for (int i = 0; i < ambiguous.length; i++) {
      int block = i / FusedDepth.BLOCK_VOXELS;
      int vertex = i % FusedDepth.BLOCK_VOXELS;
      float weight = expected.weights(block)[vertex];
      if (!ambiguous[i]) {
        compared += weight > 0 ? 1 : 0;
        assertThat(actual.weights(block)[vertex]).isEqualTo(weight, WEIGHT);
        assertThat(actual.distances(block)[vertex])
            .isEqualTo(expected.distances(block)[vertex], VALUE);
      }
    }
    assertThat(compared).as("seen vertices compared").isGreaterThan(20_000);
  }

  /** Vertices that project too near a pixel's border, or lie too near the truncation's end. */
  private static void markAmbiguous(FusedDepth map, DepthFrame frame, boolean[] ambiguous) {
    PinholeCamera camera = frame.camera();
    SE3 cameraFromWorld = frame.worldFromCamera().inverse();
    for (int i = 0; i < ambiguous.length; i++) {
      int block = i / FusedDepth.BLOCK_VOXELS;
      double[] p =
          cameraFromWorld.apply(
              VOXEL * (16 * map.blockX(block) + i % 16),
              VOXEL * (16 * map.blockY(block) + i / 16 % 16),
              VOXEL * (16 * map.blockZ(block) + i / 256 % 16));
      double u = camera.fx() * p[0] / p[2] + camera.cx() + 0.5;
      double v = camera.fy() * p[1] / p[2] + camera.cy() + 0.5;
      // At a hand's breadth from the image plane float loses the pixel altogether.
      boolean near = Math.abs(p[2]) < 0.1;
      ambiguous[i] |= near || isBorder(u) || isBorder(v);
      if (!near && p[2] > 0 && u >= 0 && v >= 0 && u < camera.width() && v < camera.height()) {
        float reading = frame.depthMetres()[((int) v) * camera.width() + (int) u];
        ambiguous[i] |= Math.abs(reading - p[2] + TRUNCATION) < BORDER_METRES;
      }
    }
  }

  private static boolean isBorder(double coordinate) {
    return Math.abs(coordinate - Math.rint(coordinate)) < BORDER_PIXELS;
  }

  @Test
  void anImageWithoutReadingsChangesNothing() {
    PinholeCamera camera = camera(64, 48);
    float[] depth = new float[64 * 48];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? Float.NaN : Float.POSITIVE_INFINITY;
    }
    FusedDepth map = map();
    boolean[] changed = new boolean[map.blockCount()];
    backend.fuse(map, all(map), new DepthFrame(depth, camera, POSE), changed);
    assertThat(changed).containsOnly(false);
    for (int block = 0; block < map.blockCount(); block++) {
      assertThat(map.weights(block)).containsOnly(0);
      assertThat(map.distances(block)).containsOnly(0);
    }
  }

  @Test
  void onlyTheBlocksNamedAreTouched() {
    FusedDepth map = map();
    int[] some = {map.blockAt(0, 0, 1), map.blockAt(0, -1, 1)};
    boolean[] changed = new boolean[some.length];
    backend.fuse(map, some, frame(camera(64, 48), 1, SE3.IDENTITY), changed);
    assertThat(changed).containsOnly(true);
    for (int block : all(map)) {
      if (block != some[0] && block != some[1]) {
        assertThat(map.weights(block)).containsOnly(0);
      }
    }
    backend.fuse(map, new int[0], frame(camera(64, 48), 1, SE3.IDENTITY), new boolean[0]);
  }

  @Test
  void blocksDoNotDependOnTheirOrder() {
    FusedDepth forward = map();
    FusedDepth backward = map();
    int[] blocks = all(forward);
    int[] reversed = IntStream.of(blocks).map(b -> blocks.length - 1 - b).toArray();
    DepthFrame frame = frame(camera(97, 71), 3, POSE);
    backend.fuse(forward, blocks, frame, new boolean[blocks.length]);
    backend.fuse(backward, reversed, frame, new boolean[blocks.length]);
    for (int block : blocks) {
      assertThat(backward.distances(block)).isEqualTo(forward.distances(block));
      assertThat(backward.weights(block)).isEqualTo(forward.weights(block));
    }
  }

  @Test
  void freeSpaceThatIsWellKnownNoLongerChanges() {
    PinholeCamera camera = camera(64, 48);
    float[] depth = new float[64 * 48];
    Arrays.fill(depth, 1.5f);
    DepthFrame frame = new DepthFrame(depth, camera, SE3.IDENTITY);
    FusedDepth map = new FusedDepth(VOXEL, TRUNCATION);
    int[] free = {map.allocate(0, 0, 0)};
    boolean[] changed = new boolean[1];
    int frames = 0;
    do {
      backend.fuse(map, free, frame, changed);
      frames++;
    } while (changed[0] && frames < 1000);
    // sigma(1.5) is 1.89 sigma(1): a weight of 0.28, of 16 at most.
    assertThat(frames).isBetween(50, 65);
    for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
      boolean seen = map.weights(0)[i] > 0;
      assertThat(map.weights(0)[i]).isEqualTo(seen ? FusedDepth.MAX_WEIGHT : 0);
      assertThat(map.distances(0)[i]).isEqualTo(seen ? 1 : 0);
    }
  }
}
