package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.fusion.PatchReader;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EpisodeFieldTest {
  private final DecoderFamily family = EmptyRoom.family();
  private final ComputeBackend backend = ComputeBackends.open("vector", 1);
  private final FieldGradient gradient = new FieldGradient(1);
  private Episode episode;
  private EpisodeField field;

  @BeforeEach
  void encode() {
    episode = Episode.whole(EmptyRoom.walk(2), 0.16, backend, new SplittableRandom(2));
    episode.addView();
    field = new EpisodeField(family, EmptyRoom.GRID, episode, backend);
    field.encode(List.of(episode.mapped().getFirst()));
    field.activate(gradient);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"MID", "FINE"})
  void whatAViewLooksAtIsEncodedAndKeepsItsGradient(FieldLevel level) {
    FeatureGrid grid = field.field().grid(level);
    Episode.View view = episode.mapped().getFirst();
    int kept = 0;
    int all = 0;
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      int pixel = random.nextInt(view.exact().depthMetres().length);
      double[] p = view.point(pixel, view.exact().depthMetres()[pixel] * random.nextDouble());
      double edge = FeatureGrid.BLOCK_EDGE * grid.voxelEdge();
      int[] b = new int[3];
      Arrays.setAll(b, k -> (int) Math.floor(p[k] / edge));
      int block = grid.blockAt(b[0], b[1], b[2]);
      assertThat(block).isNotNegative();
      all++;
      kept += gradient.block(level, 0, block) == null ? 0 : 1;
    }
    // Views are looked over at every sixteenth pixel, which can miss a block's corner.
    assertThat(kept).isGreaterThan(99 * all / 100);
  }

  @Test
  void encodedBlocksAreTheEncodersOutput() {
    FeatureGrid grid = field.field().fine();
    PatchReader patches = new PatchReader(episode.fused(), grid.voxelEdge());
    float[] expected = new float[FeatureGrid.BLOCK_VOXELS * grid.channels()];
    float[] inputs = new float[FeatureGrid.BLOCK_VOXELS * PatchReader.INPUTS];
    int encoded = 0;
    for (int block = 0; block < grid.blockCount(); block++) {
      if (gradient.block(FieldLevel.FINE, 0, block) != null) {
        encoded++;
        patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
        for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
          int at = vertex * PatchReader.INPUTS;
          patches.copy(vertex, inputs, at);
          if (patches.kind(vertex) == PatchReader.Kind.FREE) {
            Arrays.fill(inputs, at, at + PatchReader.INPUTS, 1f);
          }
        }
        backend.apply(family.fineEncoder(), inputs, FeatureGrid.BLOCK_VOXELS, expected);
        assertThat(grid.block(block)).isEqualTo(expected);
      }
    }
    assertThat(encoded).isPositive();
  }

  @Test
  void refiningMovesOnlyWhatWasEncoded() {
    FeatureGrid grid = field.field().fine();
    // A block that no view passes.
    int far = grid.allocate(100, 0, 0);
    float[] before = grid.block(far).clone();
    float[][] features = new float[far][];
    Arrays.setAll(features, block -> grid.block(block).clone());
    field.encode(List.of(episode.mapped().getFirst()));
    RayBatch rays = new RayBatch(100);
    field.refine(episode.mapped().getFirst(), 2, 0.01, rays, new SplittableRandom(4));
    assertThat(grid.block(far)).isEqualTo(before);
    int moved = 0;
    for (int block = 0; block < far; block++) {
      boolean same = Arrays.equals(features[block], grid.block(block));
      assertThat(same || gradient.block(FieldLevel.FINE, 0, block) != null).isTrue();
      moved += same ? 0 : 1;
    }
    assertThat(moved).isPositive();
  }

  /** A gradient of one at every encoded feature comes out at the encoder's output biases. */
  @Test
  void gradientsGoOnIntoTheEncoder() {
    int vertices = 0;
    FeatureGrid grid = field.field().mid();
    for (int block = 0; block < grid.blockCount(); block++) {
      float[] features = gradient.block(FieldLevel.MID, 0, block);
      if (features != null) {
        Arrays.fill(features, 1f);
        vertices += FeatureGrid.BLOCK_VOXELS;
      }
    }
    float[] weights = new float[family.midEncoder().weights().length];
    field.encoderBackward(FieldLevel.MID, gradient, weights);
    int bias = family.midEncoder().shape().outputBiasOffset();
    assertThat(Arrays.copyOfRange(weights, bias, weights.length)).containsOnly((float) vertices);
    assertThat(gradient.weights(FieldLevel.MID, 0)).hasSize(family.mid().weights().length);
    assertThat(gradient.weights(FieldLevel.FINE, 0)).hasSize(family.fine().weights().length);
    assertThat(gradient.weights(FieldLevel.COLOUR, 0)).isNull();
  }
}
