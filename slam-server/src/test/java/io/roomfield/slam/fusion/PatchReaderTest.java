package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.fusion.VertexObservations.Kind;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchReaderTest {
  private static final double FINE = FilledDepth.FINE_VOXEL;
  private static final int POINTS = PatchReader.EDGE * PatchReader.EDGE * PatchReader.EDGE;

  /**
   * Running sums of 35^3 random values come to some hundred, where floats are 1e-5 apart; a patch's
   * sum takes in some fifty such roundings and is divided by about 80.
   */
  private static final Offset<Double> MEAN = Offset.offset(5e-5);

  /** A patch as the class describes it, point by point. */
  private static final class Patch {
    final float[] values = new float[PatchReader.INPUTS];
    int seen;
    double sum;

    /** Of a vertex's index in the whole grid, whose voxels are {@code 2 * stride} fused ones. */
    Patch(FusedDepth fused, int x, int y, int z, int stride) {
      for (int i = 0; i < POINTS; i++) {
        float d =
            fused.vertex(
                (2 * x + i % 5 - 2) * stride,
                (2 * y + i / 5 % 5 - 2) * stride,
                (2 * z + i / 25 - 2) * stride);
        if (!Float.isNaN(d)) {
          values[i] = d;
          values[POINTS + i] = 1;
          seen++;
          sum += d;
        }
      }
    }
  }

  /** Fine and mid grids; blocks with all neighbours and few, at negative coordinates and not. */
  @ParameterizedTest
  @CsvSource({"1,0,0,0", "1,-1,-1,-1", "1,1,-2,0", "2,0,0,0", "2,-1,0,-1"})
  void patchesAreTheLatticePointsAroundVertices(int stride, int bx, int by, int bz) {
    FusedDepth fused = FilledDepth.random(11);
    PatchReader reader = new PatchReader(fused, stride * FINE);
    reader.load(bx, by, bz);
    assertThat(reader.anySeen()).isTrue();
    float[] inputs = new float[PatchReader.INPUTS + 2];
    int edge = FeatureGrid.BLOCK_EDGE;
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      Patch patch =
          new Patch(
              fused,
              bx * edge + vertex % edge,
              by * edge + vertex / edge % edge,
              bz * edge + vertex / (edge * edge),
              stride);
      reader.copy(vertex, inputs, 1);
      assertThat(inputs).as("vertex %d", vertex).containsSubsequence(patch.values);
      assertThat(inputs[0]).isZero();
      assertThat(inputs[PatchReader.INPUTS + 1]).isZero();
      assertThat(reader.seenPoints(vertex)).isEqualTo(patch.seen);
      assertThat(reader.kind(vertex)).isEqualTo(patch.seen == 0 ? Kind.UNSEEN : Kind.MIXED);
      double mean = patch.seen == 0 ? 0 : patch.sum / patch.seen;
      assertThat((double) reader.meanDistance(vertex)).isCloseTo(mean, MEAN);
    }
  }

  @Test
  void aBlockWhereNothingWasSeenIsUnseenWhateverWasLoadedBefore() {
    PatchReader reader = new PatchReader(FilledDepth.random(12), FINE);
    reader.load(0, 0, 0);
    reader.load(40, 0, -40);
    assertThat(reader.anySeen()).isFalse();
    float[] inputs = new float[PatchReader.INPUTS];
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      assertThat(reader.kind(vertex)).isEqualTo(Kind.UNSEEN);
      assertThat(reader.seenPoints(vertex)).isZero();
      assertThat(reader.meanDistance(vertex)).isZero();
      reader.copy(vertex, inputs, 0);
      assertThat(inputs).containsOnly(0f);
    }
  }

  @Test
  void freeIsWhereAllWasSeenAndNoSurfaceIsNear() {
    // Free for x > -0.32; the patches of fine vertices reach 16 cm, the truncation 24 cm.
    FusedDepth fused = FilledDepth.of(2, (x, y, z) -> x + 0.32);
    PatchReader reader = new PatchReader(fused, FINE);
    reader.load(0, 0, 0);
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      boolean free = vertex % FeatureGrid.BLOCK_EDGE > 0;
      assertThat(reader.kind(vertex)).as("%d", vertex).isEqualTo(free ? Kind.FREE : Kind.MIXED);
    }
    int block = fused.blockAt(0, 0, 0);
    fused.weights(block)[0] = 0;
    reader.load(0, 0, 0);
    assertThat(reader.kind(1)).as("a point of its patch was not seen").isEqualTo(Kind.MIXED);
    assertThat(reader.kind(2)).as("all of its patch was seen").isEqualTo(Kind.FREE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.08, 0.2, 0.24, 1e-9})
  void aGridThatDoesNotFitTheLatticeIsRefused(double voxel) {
    FusedDepth fused = FusedDepth.beside(FINE);
    assertThatThrownBy(() -> new PatchReader(fused, voxel))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("voxel edge: " + voxel)
        .hasMessageContaining("expected: a whole multiple of 0.16 m");
  }
}
