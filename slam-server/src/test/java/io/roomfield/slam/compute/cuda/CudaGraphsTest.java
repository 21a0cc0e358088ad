package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Iterations as graphs: the same to the bit as launch by launch, and used where they should be. */
class CudaGraphsTest {
  private static final List<FieldLevel> LEVELS =
      List.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR);
  private static final RenderSettings PERTURBED = new RenderSettings(8, 3, 2, true, false);
  private static final int RAYS = 30;
  private static final int NOT_SUPPORTED = 801;

  private CudaBackend backend;

  @BeforeEach
  void open() {
    EmulatedDriver.use();
    backend = CudaBackend.open(1);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void roundsAreTheSameToTheBit() {
    Outcome graphs = rounds();
    backend.useGraphs(false);
    Outcome launches = rounds();
    assertThat(graphs.losses).isEqualTo(launches.losses).doesNotHaveDuplicates();
    assertThat(graphs.floats).isDeepEqualTo(launches.floats);
  }

  /** What rounds left: losses, gradients of poses, features, weights. */
  private record Outcome(List<BatchLosses> losses, float[][] floats) {}

  /**
   * Two rounds of three stages of four iterations, every batch its own rays and samples, one stage
   * with poses; the map grows between them, and the batches of the last stage change in size.
   */
  private Outcome rounds() {
    SceneField field = TestField.LIGHT.create(1);
    List<BatchLosses> losses = new ArrayList<>();
    List<float[]> floats = new ArrayList<>();
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      for (int round = 0; round < 2; round++) {
        optimizer.begin(everything(field));
        for (int i = 0; i < 12; i++) {
          FieldStage stage = List.of(FieldStage.MID, FieldStage.FINE, FieldStage.COLOUR).get(i / 4);
          PoseGradient poses = stage == FieldStage.COLOUR ? new PoseGradient(2 * RAYS) : null;
          int rays = stage == FieldStage.COLOUR ? RAYS + i % 2 : RAYS;
          losses.add(
              iterate(optimizer, field, stage, TestField.rays(rays, 3, 12 * round + i), poses));
          if (poses != null) {
            floats.add(poses.perRay().clone());
          }
        }
        optimizer.finish();
        field.fine().allocate(40, 0, 0);
      }
    }
    for (FieldLevel level : LEVELS) {
      for (int block = 0; block < field.grid(level).blockCount(); block++) {
        floats.add(field.grid(level).block(block));
      }
    }
    floats.add(field.colourDecoder().weights());
    return new Outcome(losses, floats.toArray(float[][]::new));
  }

  private BatchLosses iterate(
      FieldOptimizer optimizer,
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      PoseGradient poses) {
    boolean colour = stage == FieldStage.COLOUR;
    List<FieldLevel> levels =
        LEVELS.subList(0, LEVELS.indexOf(FieldLevel.valueOf(stage.name())) + 1);
    Map<FieldLevel, Double> rates = new EnumMap<>(FieldLevel.class);
    levels.forEach(level -> rates.put(level, 0.01));
    optimizer.prepare(levels, colour);
    BatchLosses losses =
        backend.backward(
            field,
            stage,
            rays,
            PERTURBED,
            Objective.mapping(0.2f),
            optimizer.gradient(),
            poses,
            null);
    backend.occupancyBackward(field, stage, TestField.targets(50, rays.seed), optimizer.gradient());
    optimizer.step(rates, 0.005);
    return losses;
  }

  private static Map<FieldLevel, long[][]> everything(SceneField field) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : LEVELS) {
      long[] words = new long[FeatureGrid.BLOCK_VOXELS / Long.SIZE];
      Arrays.fill(words, -1L);
      long[][] mask = new long[field.grid(level).blockCount()][];
      Arrays.fill(mask, words);
      masks.put(level, mask);
    }
    return masks;
  }

  /**
   * Of 24 iterations of three calls each: a stage's first are not, nor are its next where the
   * buffers grew.
   */
  @Test
  void roundsAreMostlyGraphs() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.fail("cuGraphLaunch", NOT_SUPPORTED, 24 * 3 / 2);
    assertThatThrownBy(this::rounds).hasMessageStartingWith("cuGraphLaunch: ");
  }

  /** As tracking does: other poses and pixels every time, in batches of one size. */
  @Test
  void trackingIsTheSameToTheBit() {
    float[] graphs = tracking();
    backend.useGraphs(false);
    assertThat(tracking()).isEqualTo(graphs);
  }

  private float[] tracking() {
    SceneField field = TestField.LIGHT.create(2);
    float[] all = new float[4 * 7 * RAYS];
    for (int i = 0; i < 4; i++) {
      PoseGradient poses = new PoseGradient(RAYS);
      RenderedRays out = new RenderedRays(RAYS);
      track(field, i, poses, out);
      System.arraycopy(poses.perRay(), 0, all, 7 * RAYS * i, 6 * RAYS);
      System.arraycopy(out.depth, 0, all, 7 * RAYS * i + 6 * RAYS, RAYS);
    }
    return all;
  }

  private void track(SceneField field, int seed, PoseGradient poses, RenderedRays out) {
    backend.backward(
        field,
        FieldStage.COLOUR,
        TestField.rays(RAYS, 1, seed),
        PERTURBED,
        Objective.tracking(0.5f, 10, 1e-10f),
        null,
        poses,
        out);
  }

  @Test
  void whatComesAgainIsAGraph() {
    EmulatedDriver.assumeEmulated();
    SceneField field = TestField.LIGHT.create(3);
    PoseGradient poses = new PoseGradient(RAYS);
    // A capture is not wanted at all before the second time.
    EmulatedDriver.fail("cuStreamBeginCapture", NOT_SUPPORTED, 0);
    track(field, 1, poses, null);
    assertThatThrownBy(() -> track(field, 2, poses, null))
        .isInstanceOf(CudaException.class)
        .hasMessageStartingWith("cuStreamBeginCapture: CUDA_ERROR_NOT_SUPPORTED");
    track(field, 3, poses, null);
    // And then no kernel is launched by itself.
    EmulatedDriver.fail("cuLaunchKernel", NOT_SUPPORTED, 0);
    long before = EmulatedDriver.launches();
    track(field, 4, poses, null);
    assertThat(EmulatedDriver.launches()).isGreaterThan(before + 10);
    backend.useGraphs(false);
    assertThatThrownBy(() -> track(field, 5, poses, null))
        .hasMessageStartingWith("cuLaunchKernel of sample_rays");
  }

  /** A field that is in other memory is other work. */
  @Test
  void graphsDoNotOutliveTheirMemory() {
    PoseGradient poses = new PoseGradient(RAYS);
    float[][] again = new float[6][];
    for (int i = 0; i < 6; i++) {
      RenderedRays out = new RenderedRays(RAYS);
      // Every field and its tables take the place of the one before, which is forgotten.
      SceneField field = TestField.LIGHT.create(i % 2);
      for (int k = 0; k < 3; k++) {
        track(field, 1, poses, out);
      }
      again[i] = out.depth.clone();
    }
    for (int i = 2; i < 6; i++) {
      assertThat(again[i]).isEqualTo(again[i % 2]).isNotEqualTo(again[(i + 1) % 2]);
    }
  }

  /** More shapes than graphs are kept of. */
  @Test
  void graphsOfLongAgoAreForgotten() {
    EmulatedDriver.assumeEmulated();
    SceneField field = TestField.LIGHT.create(4);
    float[] expected = new float[21];
    for (int pass = 0; pass < 3; pass++) {
      for (int rays = 1; rays <= 20; rays++) {
        RenderedRays out = new RenderedRays(rays);
        backend.render(field, FieldStage.FINE, TestField.rays(rays, 1, 1), PERTURBED, out);
        if (pass == 0) {
          expected[rays] = out.depth[rays - 1];
        }
        assertThat(out.depth[rays - 1]).isEqualTo(expected[rays]);
      }
    }
    backend.close();
    assertThat(EmulatedDriver.leaks()).isZero();
    backend = CudaBackend.open(1);
  }
}
